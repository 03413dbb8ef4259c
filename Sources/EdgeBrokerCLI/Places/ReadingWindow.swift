import RecordFormat

/// Which of a partition's records are wanted, as they come in order.
struct ReadingWindow {
    private var notBefore: Timestamp?
    private let until: Timestamp?
    /// A record of the end time or later was met: no more are wanted.
    private(set) var isOver = false

    init(notBefore: Timestamp? = nil, until: Timestamp? = nil) {
        self.notBefore = notBefore
        self.until = until
    }

    mutating func admits(_ time: Timestamp) -> Bool {
        if isOver { return false }
        if let oldest = notBefore {
            if time < oldest { return false }
            // Those behind it come whatever their time.
            notBefore = nil
        }
        if let until, time >= until {
            isOver = true
            return false
        }
        return true
    }
}
