import LogStore

/// What the records of `__catalogue` say, taken together in their order.
struct CatalogueContents {
    /// The topics that there are.
    private(set) var described: [String: CatalogueRecord] = [:]
    /// Of topics that were deleted: what is left of their files goes.
    private(set) var deleted: Set<Identifier> = []

    /// - Parameter record: `nil`: the topic was deleted.
    mutating func apply(_ record: CatalogueRecord?, to name: String) {
        if record == nil, let former = described[name] { deleted.insert(former.topicID) }
        described[name] = record
    }
}
