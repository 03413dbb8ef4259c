extension ConsumerConfiguration {
    /// Members keep what they have while the group divides anew. With an assignor among them that does not know of it, they may not.
    var isCooperative: Bool { assignors.map(\.assignor).allSatisfy(\.isCooperative) }
}

extension ConsumerConfiguration.Assignor {
    var assignor: Assignor {
        switch self {
        case .range: .range
        case .roundRobin: .roundRobin
        case .sticky: .sticky
        case .cooperativeSticky: .cooperativeSticky
        }
    }
}
