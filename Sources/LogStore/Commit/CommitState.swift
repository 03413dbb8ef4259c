import RecordFormat

/// What belongs to whoever commits: one thread at a time, under ``LogDirectory/committing``.
struct CommitState: ~Copyable {
    /// Why and until when a partition takes no appends.
    struct Failure {
        let error: LogStoreError
        /// Where its log goes on.
        let target: LogPosition
        /// A sync failed: what is kept must be copied into a new file.
        let copying: Bool
        var retryAt: Duration
        var delay: Duration
    }

    /// By slot.
    var writers: [SharedWriter] = []
    /// Slots of buffered partitions, and within which time what they write is synced.
    var buffered: [Int: Duration] = [:]
    let marks: SyncedEndsFile
    /// Slots whose high watermark is their synced end.
    var following: Set<Int> = []
    var failures: [Int: Failure] = [:]
    /// Slots that are synced further than their durable mark says.
    var unmarked: Set<Int> = []
    var markDue: Duration?
    /// The marks' file failed and must be put right before it is written again.
    var marksNeedRewrite = false
    /// Slots of partitions that were given up, such as those of a topic whose creation failed. Their writers must never
    /// touch a file again: by now it may be another slot's.
    private(set) var retired: Set<Int> = []

    /// - Throws: why nothing may be changed about a partition now: it was given up, or goes back to before its last round.
    func check(_ partition: Partition) throws(LogStoreError) {
        if retired.contains(partition.slot) { throw .deleted(partition.topicPartition) }
        if let failure = failures[partition.slot] { throw failure.error }
    }

    init(marks: SyncedEndsFile) { self.marks = marks }

    /// When marks must be written; `nil` if there is nothing to mark, whatever ``markDue`` was set for once.
    var nextMark: Duration? { unmarked.contains { failures[$0] == nil } ? markDue : nil }

    mutating func retire(_ slot: Int) {
        retired.insert(slot)
        following.remove(slot)
        buffered[slot] = nil
        failures[slot] = nil
        unmarked.remove(slot)
    }
}
