import EdgeBroker
import Foundation
import KafkaListener
import KafkaWire
import RecordFormat
import Testing

@Suite("A fetch over the wire")
struct FetchTests {
    private let name = TopicPartition(topic: "t", partition: 0)

    private func fill(_ broker: Broker, batches: Int, bytes: Int) async throws {
        try await broker.admin.createTopic(name.topic, TopicConfiguration())
        for number in 0..<batches {
            let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)
            _ = try await broker.append([Record(key: "k", value: value, timestamp: .none)], to: name)
        }
    }

    private static func ask(_ request: inout Fetch.Request, from offset: Int64, partitionMaxBytes: Int32 = 1 << 20) {
        request.maxWaitMs = 10_000
        request.minBytes = 1
        request.topics = [
            Fetch.Request.Topic {
                $0.topic = "t"
                $0.partitions = [
                    Fetch.Request.Topic.Partition {
                        $0.fetchOffset = offset
                        $0.partitionMaxBytes = partitionMaxBytes
                    }
                ]
            }
        ]
    }

    @Test("of a damaged batch is CORRUPT_MESSAGE, not a log that begins later; those around it are served")
    func damaged() async throws {
        let served = ServedBroker()
        defer { served.remove() }
        try await served.run { broker, _ in try await fill(broker, batches: 3, bytes: 1000) }
        let log = URL(fileURLWithPath: served.path + "/t-0/00000000000000000000.log")
        var bytes = try Data(contentsOf: log)
        bytes[1500] ^= 1
        try bytes.write(to: log)
        try await served.run { _, listener in
            for version in [4, 12] as [Int16] {
                let errors = try await listener.connect { connection in
                    var errors: [ErrorCode] = []
                    for offset in [0, 1, 2, 4] as [Int64] {
                        let response = try await connection.call(Fetch.self, version: version) {
                            Self.ask(&$0, from: offset, partitionMaxBytes: 1)
                        }
                        errors += response.responses.flatMap(\.partitions).map(\.errorCode)
                    }
                    return errors
                }
                #expect(errors == [.none, .corruptMessage, .none, .offsetOutOfRange])
            }
        }
    }

    @Test("has no more bytes than the listener allows, whatever the client would take, and at least a batch")
    func capped() async throws {
        try await ServedBroker.with {
            $0.mostFetchBytes = 5000
        } _: { broker, listener in
            try await fill(broker, batches: 10, bytes: 2000)
            let counts = try await listener.connect { connection in
                let fetched = try await connection.call(Fetch.self, version: 12) {
                    Self.ask(&$0, from: 0)
                    // As much as can be had, or ten seconds: it must not wait for them.
                    $0.minBytes = .max
                }
                return fetched.responses.flatMap(\.partitions).map { $0.records?.count ?? 0 }
            }
            #expect(counts.count == 1 && counts.allSatisfy { (2000...7000).contains($0) }, "\(counts)")
        }
    }

    @Test("that takes no bytes is answered with one batch all the same, or its client would never get on")
    func noBytes() async throws {
        try await ServedBroker.with { broker, listener in
            try await fill(broker, batches: 3, bytes: 1000)
            let lengths = try await listener.connect { connection in
                var lengths: [Int] = []
                for offset in 0..<3 as Range<Int64> {
                    let response = try await connection.call(Fetch.self, version: 12) {
                        Self.ask(&$0, from: offset, partitionMaxBytes: 0)
                        $0.maxBytes = 0
                    }
                    lengths += response.responses.flatMap(\.partitions).map { $0.records?.count ?? 0 }
                }
                return lengths
            }
            #expect(lengths.count == 3 && lengths.allSatisfy { $0 > 1000 && $0 < 2000 })
        }
    }
}
