import EdgeBroker
import KafkaListener
import KafkaWire
import Logging
import RecordFormat
import Testing

@Suite("A connection")
struct ConnectionLifeTests {
    private static func isServed(_ connection: inout WireConnection) async throws -> Bool {
        try await connection.call(Metadata.self) { _ in }.brokers.count == 1
    }

    @Test("without a first request is closed in time")
    func silent() async throws {
        try await ServedBroker.with {
            $0.firstRequestTimeout = .milliseconds(50)
        } _: { _, listener in
            let frame = try await listener.connect { try await $0.nextFrame() }
            #expect(frame == nil)
        }
    }

    @Test("with half a request is closed in time as well")
    func halfRequest() async throws {
        try await ServedBroker.with {
            $0.firstRequestTimeout = .milliseconds(50)
        } _: { _, listener in
            let frame = try await listener.connect { connection in
                try await connection.send([0, 0, 0, 100, 0, 3])
                return try await connection.nextFrame()
            }
            #expect(frame == nil)
        }
    }

    @Test("that asks nothing any more is closed in time")
    func idle() async throws {
        try await ServedBroker.with {
            $0.idleTimeout = .milliseconds(50)
        } _: { _, listener in
            let frame = try await listener.connect { connection in
                #expect(try await Self.isServed(&connection))
                return try await connection.nextFrame()
            }
            #expect(frame == nil)
        }
    }

    @Test("that has asked keeps its place when all are taken; the oldest that has not gives way")
    func crowd() async throws {
        try await ServedBroker.with {
            $0.mostConnections = 2
        } _: { _, listener in
            try await listener.connect { honest in
                #expect(try await Self.isServed(&honest))
                try await listener.connect { silent in
                    let isServed = try await listener.connect { try await Self.isServed(&$0) }
                    let frame = try await silent.nextFrame()
                    #expect(isServed && frame == nil)
                }
                #expect(try await Self.isServed(&honest))
            }
        }
    }

    @Test("beyond as many as may be, all of which have asked, is closed")
    func refused() async throws {
        try await ServedBroker.with {
            $0.mostConnections = 1
        } _: { _, listener in
            try await listener.connect { honest in
                #expect(try await Self.isServed(&honest))
                let frame = try await listener.connect { try await $0.nextFrame() }
                #expect(frame == nil)
                #expect(try await Self.isServed(&honest))
            }
        }
    }

    @Test("that comes sooner than the pace allows waits its turn, and is served")
    func pace() async throws {
        try await ServedBroker.with {
            $0.mostNewConnectionsPerSecond = 100
        } _: { _, listener in
            for _ in 0..<30 {
                let isServed = try await listener.connect { try await Self.isServed(&$0) }
                #expect(isServed)
            }
        }
    }

    @Test("of a client that does not take its answers is dropped, and the others are served")
    func slowReader() async throws {
        let log = ListenerLog()
        try await withLargeTopic({ $0.slowReaderTimeout = .milliseconds(50) }, log.logger) { listener in
            try await listener.connect { slow in
                _ = try await slow.askForAll()
                let isServed = try await listener.connect { try await Self.isServed(&$0) }
                await log.waitFor("it takes nothing of its answers")
                // What has been on its way comes, and then the end in the middle of the answer.
                let frame = try await slow.nextFrame()
                #expect(isServed && frame == nil)
            }
        }
    }

    @Test("is answered twenty thousand requests that came at once, in their order")
    func pipelined() async throws {
        try await ServedBroker.with { _, listener in
            try await listener.connect { connection in
                let count: Int32 = 20_000
                var bytes: [UInt8] = []
                for number in 1...count {
                    let frame = try ListGroups.encodeRequest(
                        ListGroups.Request(), version: 0, correlationID: number, clientID: "t")
                    bytes += frame.assembled { _ in [] }
                }
                try await connection.send(bytes)
                for number in 1...count {
                    #expect(try await connection.receive(ListGroups.self, version: 0, number) != nil)
                }
            }
        }
    }

    @Test("that holds more of a request than there is room for is closed")
    func incomplete() async throws {
        try await ServedBroker.with {
            $0.mostBytesInFlight = 512 << 10
        } _: { _, listener in
            let frame = try await listener.connect { connection in
                #expect(try await Self.isServed(&connection))
                try await connection.send([0, 0x10, 0, 0] + [UInt8](repeating: 7, count: 600 << 10))
                return try await connection.nextFrame()
            }
            #expect(frame == nil)
            let isServed = try await listener.connect { try await Self.isServed(&$0) }
            #expect(isServed)
        }
    }

    // MARK: Stopping

    @Test("that waits for a group is told at a stop to look for the coordinator again")
    func parkedJoin() async throws {
        try await ServedBroker.with { _, listener in
            let answer = try await listener.connect { first in
                _ = try await first.join("")
                return try await listener.connect { second -> ErrorCode? in
                    // The first member would have to join again.
                    let id = try await second.send(JoinGroup.self, version: 3) { $0.asMember("") }
                    try await listener.connect { try await $0.waitForRebalance() }
                    async let stop: Void = listener.stop()
                    let answer = try await second.receive(JoinGroup.self, version: 3, id)?.errorCode
                    await stop
                    return answer
                }
            }
            #expect(answer == .notCoordinator)
        }
    }

    @Test("that does not take its answers is cut at a stop")
    func stopCuts() async throws {
        try await withLargeTopic({ $0.drainTimeout = .milliseconds(50) }) { listener in
            try await listener.connect { slow in
                _ = try await slow.askForAll()
                // The request is there once a later one of somebody else's is answered behind it.
                let isServed = try await listener.connect { try await Self.isServed(&$0) }
                await listener.stop()
                let frame = try await slow.nextFrame()
                #expect(isServed && frame == nil)
            }
        }
    }

    /// More than what socket buffers take.
    private func withLargeTopic(
        _ change: @escaping (inout KafkaListenerConfiguration) -> Void,
        _ logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (KafkaListener) async throws -> Void
    ) async throws {
        try await ServedBroker.with(change, logger: logger) { broker, listener in
            try await broker.admin.createTopic("t", TopicConfiguration())
            let record = Record(key: "k", value: [UInt8](repeating: 7, count: 900_000), timestamp: .none)
            for _ in 0..<40 { _ = try await broker.append([record], to: TopicPartition(topic: "t", partition: 0)) }
            try await body(listener)
        }
    }
}

extension JoinGroup.Request {
    fileprivate mutating func asMember(_ id: String) {
        groupID = "g"
        memberID = id
        sessionTimeoutMs = 60_000
        rebalanceTimeoutMs = 60_000
        protocolType = "consumer"
        protocols = [GroupProtocol { $0.name = "range" }]
    }
}

extension WireConnection {
    fileprivate mutating func join(_ id: String) async throws -> JoinGroup.Response {
        try await call(JoinGroup.self, version: 3) { $0.asMember(id) }
    }

    /// Asks until the group is preparing a rebalance.
    fileprivate mutating func waitForRebalance() async throws {
        var state: String?
        while state != "PreparingRebalance" {
            state = try await call(DescribeGroups.self) { $0.groups = ["g"] }.groups.first?.groupState
        }
    }

    fileprivate mutating func askForAll() async throws -> Int32 {
        try await send(Fetch.self, version: 12) { request in
            request.maxWaitMs = 0
            request.topics = [
                Fetch.Request.Topic {
                    $0.topic = "t"
                    $0.partitions = [Fetch.Request.Topic.Partition { $0.partitionMaxBytes = .max }]
                }
            ]
        }
    }
}
