import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// A log on a simulated disk with the partition orders-0, and a producer that may be told to send anything.
final class ProducerPlant {
    private(set) var disk = SimulatedDisk(seed: 3)
    let clock = SimulatedClock()
    private var opened: (log: LogDirectory, orders: Partition)?
    private var segmentBytes = 64 << 20
    private var isBuffered = false

    var log: LogDirectory {
        guard let opened else { preconditionFailure("The log is not open") }
        return opened.log
    }

    var orders: Partition {
        guard let opened else { preconditionFailure("The log is not open") }
        return opened.orders
    }

    func open(segmentBytes: Int = 64 << 20, isBuffered: Bool = false) throws {
        self.segmentBytes = segmentBytes
        self.isBuffered = isBuffered
        try open()
    }

    private func open() throws {
        opened = try openOrders(on: disk, clock: clock, segmentBytes: segmentBytes)
        if isBuffered {
            var policy = PartitionPolicy()
            policy.durability = .buffered(syncEvery: .seconds(1))
            log.configure(orders, policy)
        }
    }

    func reopen() throws {
        log.close()
        try open()
    }

    func kill() throws {
        disk = disk.afterKill()
        try open()
    }

    func cutPower() throws {
        disk = disk.afterPowerCut()
        try open()
    }

    func commit() { log.runCommitRound() }

    /// Appends as nobody and commits.
    func append(_ values: [String]) throws { try stage(batch(values)) }

    /// Appends any bytes, unjudged, and commits.
    func stage(_ bytes: [UInt8]) throws {
        try log.stage(Append([Append.Batch(bytes, to: orders)]) { _ in })
        commit()
    }

    func produce(
        _ records: Int = 1, of id: Int64 = 7, epoch: Int16 = 0, sequence: Int32, transactional: Bool = false
    ) -> ProducerOutcome {
        produce(producerBatch(records, of: id, epoch: epoch, sequence: sequence, transactional: transactional))
    }

    func produce(_ bytes: [UInt8]) -> ProducerOutcome {
        let outcome = ProducerOutcome()
        guard let header = try? bytes.withUnsafeBytes({ try RecordBatchHeader(decoding: $0) }) else {
            preconditionFailure("A batch that was built here does not decode")
        }
        log.produce(Append.Batch(bytes, to: orders), header) { outcome.set($0) }
        return outcome
    }
}

final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }
}
