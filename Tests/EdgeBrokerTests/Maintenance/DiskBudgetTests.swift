import EdgeBroker
import EdgeBrokerTesting
import LogStore
import Logging
import RecordFormat
import Synchronization
import Testing

@Suite("The disk budget of a broker")
struct DiskBudgetTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)
    private let items = TopicPartition(topic: "erp.items", partition: 0)
    private let index = TopicPartition(topic: "__transactions.mes", partition: 0)
    private static let budget = DiskBudget(bytes: 10_000_000, reserve: 0)

    /// A captured table of 66 transactions and a topic of clients of 30 records, of 100,000 bytes each.
    private func plant(
        priority: UInt8 = 5, whenFull: TopicKeeping.DiskShare.WhenFull = .drop
    ) async throws -> (SimulatedBroker, SourceLog) {
        let plant = try SimulatedBroker(segmentBytes: 400_000, budget: Self.budget)
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow(items.topic)
        var configuration = TopicConfiguration()
        configuration.keeping.disk.priority = priority
        configuration.keeping.disk.whenFull = whenFull
        try await plant.broker.admin.createTopic("orders", configuration)
        for number in 0..<66 { try plant.transaction(UInt64(number), [items.topic], bytes: 100_000, source) }
        try plant.produce(30, of: 100_000, to: orders)
        return (plant, source)
    }

    private func starts(_ plant: SimulatedBroker) throws -> [Int64] {
        [try plant.partition(items).logStart.rawValue, try plant.partition(orders).logStart.rawValue]
    }

    @Test("lets what the flow has had give way first, and records it")
    func consumed() async throws {
        let (plant, source) = try await plant()
        source.flow("erp-to-mes", needsFrom: try plant.partition(index).syncedEnd)
        plant.broker.maintain()
        let (items, orders) = (try starts(plant)[0], try starts(plant)[1])
        #expect(items > 0 && orders == 0 && !plant.directory.isFull)
        #expect(plant.directory.usedBytes <= 9_500_000)
        #expect(try await plant.gaps().count == 1)
        #expect(try await plant.gaps()[0].contains(#""start":0,"end":\#(items),"reason":"consumed""#))
        #expect(plant.broker.gapCounts.consumedRecords == items && plant.broker.gapCounts.unreadRecords == 0)
        await plant.broker.close()
    }

    @Test("lets unread records of clients go, but of captured tables none")
    func unread() async throws {
        let (plant, _) = try await plant()
        plant.broker.maintain()
        #expect(try starts(plant)[0] == 0)
        #expect(try starts(plant)[1] > 0)
        #expect(plant.broker.gapCounts.unreadRecords == (try starts(plant)[1]))
        await plant.broker.close()
    }

    @Test("takes what groups have committed for read")
    func groups() async throws {
        let (plant, _) = try await plant(whenFull: .block)
        try plant.broker.commitOffsetsNow(group: "g", [orders: CommittedOffset(Offset(20))]) { _ in }
        plant.directory.runCommitRound()
        plant.broker.maintain()
        #expect(try starts(plant)[1] > 0 && starts(plant)[1] <= 20)
        #expect(plant.broker.gapCounts.consumedRecords == (try starts(plant)[1]))
        await plant.broker.close()
    }

    @Test("refuses appends when nothing may go, goes on with the rest, and takes them again when there is room")
    func full() async throws {
        let (plant, source) = try await plant(whenFull: .block)
        try plant.produce(10, of: 100_000, to: orders)
        source.expect(flow: "erp-to-mes")
        let events = plant.broker.maintain()
        #expect(events.contains { if case .full = $0 { true } else { false } })
        #expect(try starts(plant) == [0, 0] && plant.directory.isFull && !source.hasRoom(1000))
        let refusal = try await plant.refusal(of: orders)
        #expect(refusal?.code == .noSpace && refusal?.message.contains("disk budget of 10000000 bytes") == true)
        // What the broker itself keeps goes on, and so does a transaction that was begun.
        try plant.broker.commitOffsetsNow(group: "g", [orders: CommittedOffset(Offset(1))]) { _ in }
        try plant.transaction(100, [items.topic], source)
        #expect(plant.broker.committedOffsets(of: "g")[orders]?.offset == Offset(1))
        #expect(try await plant.broker.fetch(items, from: Offset(66)).records.count == 1)
        #expect(plant.broker.maintain().isEmpty)
        let rooms = Atomic<Int>(0)
        source.onRoom(below: 1) { rooms.add(1, ordering: .relaxed) }
        // The flow has loaded: there is room with the next look.
        source.flow(
            "erp-to-mes",
            needsFrom: try plant.partition(index).syncedEnd)
        #expect(plant.broker.maintain().contains { if case .roomAgain = $0 { true } else { false } })
        #expect(!plant.directory.isFull && source.hasRoom(1000) && rooms.load(ordering: .relaxed) == 1)
        try plant.produce(1, to: orders)
        #expect(try await plant.broker.fetch(orders, from: Offset(40)).records.count == 1)
        await plant.broker.close()
    }

    @Test("drops nothing before the loss is recorded and synced")
    func order() async throws {
        let (plant, _) = try await plant()
        let operations = Mutex<[DiskOperation]>([])
        plant.disk.onOperation { operation in operations.withLock { $0.append(operation) } }
        plant.broker.maintain()
        plant.disk.onOperation(nil)
        let all = operations.withLock { $0 }
        let synced = try #require(all.lastIndex { $0.kind == .sync && $0.path.hasPrefix("/data/__gaps-0/") })
        let removed = try #require(all.firstIndex { $0.kind == .remove && $0.path.hasPrefix("/data/orders-0/") })
        #expect(synced < removed)
        await plant.broker.close()
    }

    @Test("drops nothing while the loss cannot be recorded")
    func unrecorded() async throws {
        let (plant, _) = try await plant()
        plant.disk.capacity = plant.disk.usedBytes
        let events = plant.broker.maintain()
        #expect(events.contains { if case .failed = $0 { true } else { false } })
        #expect(try starts(plant) == [0, 0])
        plant.disk.capacity = .max
        plant.directory.runCommitRound()
        plant.broker.maintain()
        #expect(try starts(plant)[1] > 0)
        await plant.broker.close()
    }

    @Test("loses nothing to a power cut that is not recorded, whenever it comes in a pass")
    func powerCuts() async throws {
        let (plant, _) = try await plant()
        let before = plant.disk.afterKill()
        plant.broker.maintain()
        let operations = plant.disk.operations
        var cuts = 0
        for cut in 1..<operations {
            try plant.restart(on: before.afterKill())
            plant.disk.powerCutAt = plant.disk.operations + cut
            plant.broker.maintain()
            if plant.disk.isPowered { break }
            cuts += 1
            try plant.restart(on: plant.disk.afterPowerCut())
            #expect(plant.broker.recovery.damages.isEmpty, "cut \(cut)")
            let start = try starts(plant)[1]
            #expect(try starts(plant)[0] == 0)
            let gaps = try await plant.gaps()
            let isRecorded = gaps.contains { $0.contains(#""start":0,"end":\#(start),"#) }
            #expect(start == 0 || isRecorded, "cut \(cut): gone up to \(start), recorded \(gaps)")
            let kept = try await plant.broker.fetch(orders, from: Offset(start), maxBytes: 1 << 30)
            #expect(kept.records.count == 30 - Int(start), "cut \(cut)")
        }
        // There are syncs of the gap, of the new start and of the folder, and the removals between them.
        #expect(cuts > 15)
    }

    @Test("is looked at when a segment's worth was appended, not only when a second is over")
    func wakes() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var configuration = BrokerConfiguration(dataDirectory: plant.path)
        configuration.segmentBytes = 4096
        let broker = try await Broker.open(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var settings = TopicConfiguration()
        settings.keeping.retention.bytes = 0
        try await broker.admin.createTopic("orders", settings)
        var appended = 0
        // Ends when a pass has deleted something, however long the machine takes for it.
        while try broker.admin.describe("orders").partitions[0].logStart == .zero {
            try await broker.append([record(String(repeating: "v", count: 1000))], to: orders)
            appended += 1
        }
        #expect(appended > 0)
        await broker.close()
    }

    @Test("is a share of what is free at first, and stays what it was", arguments: [nil, 5_000 as Int64?])
    func share(configured: Int64?) async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var configuration = BrokerConfiguration(dataDirectory: plant.path)
        if let configured { configuration.diskLimit = .bytes(configured) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let broker = try await Broker.open(configuration, logger: logger)
        await broker.close()
        let remembered = DiskBudgetFile.read(in: plant.path, on: PosixDisk())
        if configured != nil { return #expect(remembered == nil) }
        let first = try #require(remembered)
        #expect(first.bytes > 0 && first.reserve <= 64_000_000)
        try DiskBudgetFile.write(DiskBudget(bytes: 12_345, reserve: 1), in: plant.path, on: PosixDisk())
        try await Broker.open(configuration, logger: logger).close()
        #expect(DiskBudgetFile.read(in: plant.path, on: PosixDisk())?.bytes == 12_345)
    }
}
