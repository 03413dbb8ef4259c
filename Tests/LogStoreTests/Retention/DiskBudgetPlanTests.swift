import LogStore
import RecordFormat
import Testing

@Suite("The disk budget")
struct DiskBudgetPlanTests {
    /// High water 950, low water 900.
    private static let budget = DiskBudget(bytes: 1000, reserve: 10)

    /// A topic of one partition with segments of 10 offsets and `bytes` each.
    private static func topic(
        _ name: String, _ bytes: [Int64], age: Int64 = 0, priority: Int = 5, floor: Int64 = 0, drops: Bool = true,
        consumed: Int64? = nil, limit: Int64 = .max
    ) -> DiskBudgetPlan.Topic {
        let segments = bytes.enumerated().map { number, bytes in
            RetainedSegment(
                base: Offset(Int64(number * 10)), nextOffset: Offset(Int64(number * 10 + 10)), bytes: bytes,
                newestAppend: Timestamp(millisecondsSince1970: age + Int64(number)))
        }
        return DiskBudgetPlan.Topic(
            name, priority: priority, floorBytes: floor, dropsUnread: drops,
            partitions: [
                DiskBudgetPlan.Partition(
                    number: 0, segments: segments, consumedEnd: consumed.map { Offset($0) }, limit: Offset(limit))
            ])
    }

    private static func plan(
        _ topics: [DiskBudgetPlan.Topic], used: Int64, free: Int64 = 1_000_000, wasFull: Bool = false
    ) -> DiskBudgetPlan {
        DiskBudgetPlan(topics, budget, used: used, free: free, wasFull: wasFull)
    }

    /// `a 0-20 200 consumed` for each drop.
    private static func text(_ plan: DiskBudgetPlan) -> [String] {
        plan.drops.map { drop in
            "\(drop.partition.topic) \(drop.start)-\(drop.end) \(drop.bytes) \(drop.wasConsumed ? "consumed" : "unread")"
                + (drop.rollsActive ? " rolls" : "")
        }
    }

    @Test(
        "makes room from the high water down to the low one",
        arguments: [
            (950, [], false), (951, ["a 0-10 100 unread"], false), (1001, ["a 0-20 200 unread"], false),
            (1101, ["a 0-30 300 unread rolls"], false), (1300, ["a 0-30 300 unread rolls"], true),
        ] as [(Int64, [String], Bool)])
    func water(used: Int64, drops: [String], isFull: Bool) {
        let plan = Self.plan([Self.topic("a", [100, 100, 100])], used: used)
        #expect(Self.text(plan) == drops && plan.isFull == isFull)
    }

    @Test("takes what was consumed first, then what was not read, each of the lowest priority and oldest first")
    func order() {
        let topics = [
            Self.topic("unread low", [50, 50], priority: 1), Self.topic("unread high", [50, 50], priority: 9),
            Self.topic("read high", [50, 50], priority: 9, consumed: 10),
            Self.topic("read older", [50, 50], age: 3, consumed: 20),
            Self.topic("read newer", [50, 50], age: 4, consumed: 10),
        ]
        #expect(
            Self.text(Self.plan(topics, used: 1151)) == [
                "read older 0-20 100 consumed rolls", "read newer 0-10 50 consumed", "read high 0-10 50 consumed",
                "unread low 0-20 100 unread rolls",
            ])
    }

    @Test("takes no unread record once consumed ones are enough to be below the high water")
    func enough() {
        let topics = [Self.topic("read", [60], consumed: 10), Self.topic("unread", [60])]
        #expect(Self.text(Self.plan(topics, used: 1000)) == ["read 0-10 60 consumed rolls"])
    }

    @Test("never takes what a downstream needs, what is below a floor, or unread records of a topic that blocks")
    func keeps() {
        let topics = [
            Self.topic("held", [100, 100], consumed: 10, limit: 10), Self.topic("floored", [100, 100], floor: 150),
            Self.topic("blocking", [100, 100], drops: false, consumed: 10),
            Self.topic("unknown", [100, 100], drops: false),
        ]
        let plan = Self.plan(topics, used: 2000)
        #expect(Self.text(plan) == ["held 0-10 100 consumed", "blocking 0-10 100 consumed"])
        #expect(plan.isFull)
    }

    @Test("keeps a floor over all partitions of a topic")
    func floors() {
        var topic = Self.topic("a", [100, 100], floor: 250)
        topic.partitions += Self.topic("a", [100, 100], age: 1).partitions
        topic.partitions[1].number = 1
        #expect(Self.text(Self.plan([topic], used: 2000)) == ["a 0-10 100 unread"])
    }

    @Test(
        "refuses appends from the budget on until the high water",
        arguments: [
            (999, false, false), (1000, false, true), (999, true, true), (951, true, true), (950, true, false),
        ] as [(Int64, Bool, Bool)])
    func hysteresis(used: Int64, wasFull: Bool, isFull: Bool) {
        #expect(Self.plan([], used: used, wasFull: wasFull).isFull == isFull)
    }

    @Test("gives up only consumed records, and refuses appends, when it is others who fill the disk")
    func others() {
        let topics = [Self.topic("read", [15, 15, 15], consumed: 20), Self.topic("unread", [100])]
        let crowded = Self.plan(topics, used: 145, free: 19)
        #expect(Self.text(crowded) == ["read 0-20 30 consumed"] && !crowded.isFull)
        #expect(Self.text(Self.plan(topics, used: 145, free: 20)).isEmpty)
        #expect(Self.plan([], used: 145, free: 9).isFull)
        #expect(Self.plan([], used: 145, free: 19, wasFull: true).isFull)
        #expect(!Self.plan([], used: 145, free: 20, wasFull: true).isFull)
    }

    @Test("is four fifths of what is free and used at first")
    func share() {
        #expect(DiskBudget.share(ofFree: 900, used: 100) == 800)
        #expect(DiskBudget.share(ofFree: .max, used: .max) == Int64.max / 5 * 4)
        #expect(DiskBudget.share(ofFree: 0, used: 0) == 1)
    }

    @Test(
        "that is a share grows with what others give up, and does not shrink",
        arguments: [(0, 1000), (1150, 1000), (1151, 1000), (1155, 1004), (.max, 1000)] as [(Int64, Int64)])
    func grows(free: Int64, bytes: Int64) {
        #expect(Self.budget.grown(free: free, used: 100) == DiskBudget(bytes: bytes, reserve: 10))
    }
}
