package import RecordFormat

/// Which records give way to the disk budget, and whether appends must be refused.
///
/// 1. Above the high water, and when others leave less than twice the reserve free, goes what every known downstream has had:
///    topics of low priority first, among equals the oldest records.
/// 2. If that is not enough and it is our own budget that is short, goes what was not read, in the same order, of topics that say
///    `drop`. What others take of the disk costs no record that was not read.
/// 3. What is still too much makes appends be refused, from the budget on until the high water.
///
/// A topic never goes below its floor, and no record that a downstream still needs goes at all.
package struct DiskBudgetPlan: Sendable, Equatable {
    package struct Topic: Sendable, Equatable {
        package var name: String
        /// Lower ones lose records first.
        package var priority: Int
        package var floorBytes: Int64
        /// Unread records may go.
        package var dropsUnread: Bool
        package var partitions: [Partition]

        package init(
            _ name: String, priority: Int, floorBytes: Int64, dropsUnread: Bool, partitions: [Partition]
        ) {
            self.name = name
            self.priority = priority
            self.floorBytes = floorBytes
            self.dropsUnread = dropsUnread
            self.partitions = partitions
        }
    }

    package struct Partition: Sendable, Equatable {
        package var number: Int32
        /// Oldest first; the last one is being written.
        package var segments: [RetainedSegment]
        /// Every known downstream has had what is below. `nil`: nobody is known to read it.
        package var consumedEnd: Offset?
        /// Nothing at or above it goes: the high watermark, and what a downstream still needs.
        package var limit: Offset

        package init(number: Int32, segments: [RetainedSegment], consumedEnd: Offset?, limit: Offset) {
            self.number = number
            self.segments = segments
            self.consumedEnd = consumedEnd
            self.limit = limit
        }
    }

    package struct Drop: Sendable, Equatable {
        package var partition: TopicPartition
        package var start: Offset
        /// The new log start.
        package var end: Offset
        package var bytes: Int64
        /// Every known downstream had it.
        package var wasConsumed: Bool
        /// The segment that is being written goes too and must be closed before.
        package var rollsActive: Bool

        package init(
            _ partition: TopicPartition, start: Offset, end: Offset, bytes: Int64, wasConsumed: Bool, rollsActive: Bool
        ) {
            self.partition = partition
            self.start = start
            self.end = end
            self.bytes = bytes
            self.wasConsumed = wasConsumed
            self.rollsActive = rollsActive
        }
    }

    /// In the order in which they are to be made.
    package private(set) var drops: [Drop] = []
    package private(set) var isFull = false

    /// - Parameters:
    ///   - used: bytes of all segments, also of topics that are not among `topics` because nothing of them may go.
    ///   - free: of the disk.
    ///   - wasFull: appends are refused at the moment.
    package init(_ topics: [Topic], _ budget: DiskBudget, used: Int64, free: Int64, wasFull: Bool) {
        var heads = topics.flatMap { topic in topic.partitions.map { Head(topic: topic.name, topic.priority, $0) } }
        var room = Dictionary(topics.map { ($0.name, Self.room($0)) }, uniquingKeysWith: { first, _ in first })
        let unread = Set(topics.lazy.filter(\.dropsUnread).map(\.name))
        var (used, free) = (used, free)
        let isOverBudget = used > budget.highWater
        let isCrowded = free < budget.reserve * 2
        func take(consumed: Bool, while isShort: () -> Bool) {
            while isShort() {
                guard let index = Self.next(heads, room, consumed: consumed, unread) else { return }
                let segment = heads[index].take()
                room[heads[index].name.topic, default: 0] -= segment.bytes
                used -= segment.bytes
                free = free > .max - segment.bytes ? .max : free + segment.bytes
                note(segment, of: heads[index], consumed: consumed)
            }
        }
        take(consumed: true) {
            (isOverBudget && used > budget.lowWater) || (isCrowded && free < budget.reserve * 4)
        }
        if isOverBudget, used > budget.highWater { take(consumed: false) { used > budget.lowWater } }
        isFull =
            wasFull
            ? used > budget.highWater || free < budget.reserve * 2
            : used >= budget.bytes || free < budget.reserve
    }

    private static func room(_ topic: Topic) -> Int64 {
        topic.partitions.reduce(0) { sum, partition in sum + partition.segments.reduce(0) { $0 + $1.bytes } }
            - topic.floorBytes
    }

    private mutating func note(_ segment: RetainedSegment, of head: Head, consumed: Bool) {
        if let place = drops.lastIndex(where: { $0.partition == head.name }), drops[place].wasConsumed == consumed {
            drops[place].end = segment.nextOffset
            drops[place].bytes += segment.bytes
            drops[place].rollsActive = head.isAtEnd
        } else {
            drops.append(
                Drop(
                    head.name, start: segment.base, end: segment.nextOffset, bytes: segment.bytes,
                    wasConsumed: consumed,
                    rollsActive: head.isAtEnd))
        }
    }

    /// The oldest segment that is left of a partition.
    private struct Head {
        let name: TopicPartition
        let priority: Int
        let partition: Partition
        private var place = 0

        init(topic: String, _ priority: Int, _ partition: Partition) {
            name = TopicPartition(topic: topic, partition: partition.number)
            self.priority = priority
            self.partition = partition
        }

        var segment: RetainedSegment? { place < partition.segments.count ? partition.segments[place] : nil }
        var isAtEnd: Bool { place == partition.segments.count }

        mutating func take() -> RetainedSegment {
            defer { place += 1 }
            return partition.segments[place]
        }
    }

    private static func next(
        _ heads: [Head], _ room: [String: Int64], consumed: Bool, _ unread: Set<String>
    ) -> Int? {
        var best: (index: Int, priority: Int, age: Int64)?
        for (index, head) in heads.enumerated() {
            guard let segment = head.segment, !segment.isEmpty, segment.nextOffset <= head.partition.limit,
                segment.bytes <= room[head.name.topic, default: 0]
            else { continue }
            if consumed {
                guard let end = head.partition.consumedEnd, segment.nextOffset <= end else { continue }
            } else if !unread.contains(head.name.topic) {
                continue
            }
            let age = segment.newestAppend?.millisecondsSince1970 ?? .max
            if let best, (best.priority, best.age) <= (head.priority, age) { continue }
            best = (index, head.priority, age)
        }
        return best?.index
    }
}
