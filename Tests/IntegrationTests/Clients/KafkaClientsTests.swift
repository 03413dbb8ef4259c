import Foundation
import Testing

@Suite("Kafka's clients, unmodified", .serialized)
struct KafkaClientsTests {
    @Test(
        "produce with every codec and every acks, consume in a group, and administer",
        .enabled(if: PythonClients.isThere, PythonClients.missing),
        arguments: [
            ("confluent", nil), ("kafka_python", nil), ("kafka_python", "kafka-python-2.0.2"), ("aio", nil),
            ("transactions", nil),
        ] as [(String, String?)])
    func python(_ client: String, _ older: String?) throws {
        try KafkaServer.with { server in
            let ended = try PythonClients.run(client, [server.address], packages: older.map(PythonClients.packages))
            #expect(ended.code == 0 && ended.out.hasSuffix("ok\n"), "\(ended.out)\(ended.talk)")
        }
    }

    /// Takes a minute: a member that dies is found out when its session is over.
    @Test(
        "of librdkafka share a topic by the consumer protocol, while they come, leave and die",
        .enabled(if: PythonClients.isThere, PythonClients.missing))
    func consumerProtocol() throws {
        try KafkaServer.with { server in
            let ended = try PythonClients.run("consumer_protocol", [server.address])
            #expect(ended.code == 0 && ended.out.hasSuffix("ok\n"), "\(ended.out)\(ended.talk)")
        }
    }

    /// Takes a minute: so long is a session of the consumer protocol.
    @Test(
        "that are stopped past their sessions are fenced when they wake, in both protocols",
        .enabled(if: PythonClients.isThere, PythonClients.missing))
    func stopped() throws {
        try KafkaServer.with { server in
            let ended = try PythonClients.run("stopped", [server.address])
            #expect(ended.code == 0 && ended.out.hasSuffix("ok\n"), "\(ended.out)\(ended.talk)")
        }
    }

    /// `EDGEBROKER_NET_FAULTS` sets how many faults there are; a thousand take a quarter of an hour.
    @Test(
        "lose nothing and see nothing twice while their connections are cut, torn, held, slowed and corrupted",
        .enabled(if: PythonClients.isThere, PythonClients.missing))
    func faults() throws {
        let count = ProcessInfo.processInfo.environment["EDGEBROKER_NET_FAULTS"] ?? "40"
        let proxy = try FreePort.find()
        let server = try KafkaServer(advertised: "127.0.0.1:\(proxy)")
        defer { server.stop() }
        let ended = try PythonClients.run("faults", ["\(server.port)", "\(proxy)", count])
        #expect(ended.code == 0 && ended.out.hasSuffix("ok\n"), "\(ended.out)\(ended.talk)")
    }

    @Test("of Java produce, work in transactions, and administer", .enabled(if: KafkaJava.isThere, KafkaJava.missing))
    func java() throws {
        try KafkaServer.with { server in
            let said = try KafkaJava.run(["ClientRun", server.address])
            #expect(said.hasSuffix("ok\n"))
        }
    }

    @Test(
        "of Java share a topic by the consumer protocol, and administer such groups",
        .enabled(if: KafkaJava.isThere, KafkaJava.missing))
    func javaConsumerProtocol() throws {
        try KafkaServer.with { server in
            let said = try KafkaJava.run(["ConsumerProtocolRun", server.address])
            #expect(said.hasSuffix("ok\n"))
        }
    }

    @Test(
        "kcat writes and reads every codec, keys, headers, nulls, and finds offsets by time",
        .enabled(if: Kcat.isThere, Kcat.missing))
    func kcat() throws {
        try KafkaServer.with { server in
            let kcat = Kcat(server.address)
            for (number, codec) in ["none", "gzip", "snappy", "lz4", "zstd"].enumerated() {
                try kcat.produce(
                    "k\(number):v\(number)\n", ["-t", "codecs", "-K", ":", "-z", codec, "-H", "h=\(codec)"])
            }
            try kcat.produce("k5:\n", ["-t", "codecs", "-K", ":", "-Z"])
            let read = try kcat.run(["-C", "-t", "codecs", "-e", "-q", "-f", "%o %k %S %s %h\\n"])
            #expect(
                read.split(separator: "\n").map(String.init) == [
                    "0 k0 2 v0 h=none", "1 k1 2 v1 h=gzip", "2 k2 2 v2 h=snappy", "3 k3 2 v3 h=lz4", "4 k4 2 v4 h=zstd",
                    "5 k5 -1  ",
                ])
            #expect(try kcat.run(["-Q", "-t", "codecs:0:-1"]).contains("offset 6"))
            #expect(try kcat.run(["-Q", "-t", "codecs:0:-2"]).contains("offset 0"))
            #expect(try kcat.run(["-L"]).contains("topic \"codecs\" with 1 partitions"))
            let grouped = try kcat.run(
                ["-G", "kcat", "-X", "auto.offset.reset=earliest", "-e", "-q", "-f", "%s\\n", "codecs"])
            #expect(grouped.split(separator: "\n").count == 5)
            // The group goes on behind what it has read.
            #expect(
                try kcat.run(["-G", "kcat", "-X", "auto.offset.reset=earliest", "-e", "-q", "-f", "%s\\n", "codecs"])
                    .isEmpty)
        }
    }

    @Test("what was acknowledged is there after a kill", .enabled(if: Kcat.isThere, Kcat.missing))
    func kill() throws {
        try KafkaServer.with { server in
            let kcat = Kcat(server.address)
            for number in 0..<5 {
                try kcat.produce("\(number)\n", ["-t", "kills", "-X", "acks=all"])
                try server.killAndRestart()
            }
            #expect(try kcat.run(["-C", "-t", "kills", "-e", "-q"]) == "0\n1\n2\n3\n4\n")
        }
    }
}

/// kcat of Debian, which is librdkafka on a command line.
struct Kcat {
    private static let path = ["/usr/bin/kcat", "/usr/local/bin/kcat"].first(
        where: FileManager.default.isExecutableFile)

    static let isThere = path != nil
    static let missing: Comment = "no kcat: Scripts/install-packages --tests installs it"

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let address: String

    init(_ address: String) { self.address = address }

    func run(_ arguments: [String]) throws -> String {
        let ended = try ForeignProgram.run(Self.path ?? "", ["-b", address] + arguments)
        if ended.code != 0 { throw Failure(description: "kcat ended with \(ended.code): \(ended.talk)") }
        return ended.out
    }

    func produce(_ lines: String, _ arguments: [String]) throws {
        let file = NSTemporaryDirectory() + "edgebroker-kcat-\(UUID().uuidString)"
        try Data(lines.utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try run(["-P", "-l"] + arguments + [file])
    }
}
