/// The command line: `Damages [--runs N] [--seed S] [--first N]`.
struct Arguments {
    static let usage = """
        usage: Damages [--runs N] [--seed S] [--first N]
          --runs N    damages to try, one log each (10000)
          --seed S    what the logs and the damages are drawn from (1)
          --first N   the number of the first damage (0)
        """

    var runs = 10_000
    var seed: UInt64 = 1
    var first = 0

    /// - Returns: `nil` if the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--runs":
                guard let text = rest.popFirst(), let value = Int(text), (1...1_000_000_000).contains(value) else {
                    return nil
                }
                runs = value
            case "--seed":
                guard let text = rest.popFirst(), let value = UInt64(text) else { return nil }
                seed = value
            case "--first":
                guard let text = rest.popFirst(), let value = Int(text), (0...1_000_000_000).contains(value) else {
                    return nil
                }
                first = value
            default: return nil
            }
        }
    }
}
