import EdgeBroker
import Foundation
import Logging
import RecordFormat
import Testing

@Suite("The command line") struct CommandLineTests {
    static let refusals: [([String], Int32, String)] = [
        (
            ["frobnicate"], 64,
            "There is no command 'frobnicate'. There are serve, demo, flow, topic, group, log and bench."
        ),
        (["topc", "list"], 64, "There is no command 'topc'. Did you mean 'topic'?"),
        (["topic", "lst", "-b", "h:1"], 64, "There is no command 'topic lst'. Did you mean 'list'?"),
        (
            ["topic", "list", "--bootstrap-sever", "h:1"], 64,
            "Unknown option '--bootstrap-sever'. Did you mean '--bootstrap-server'?"
        ),
        (["topic", "consume", "t", "--dta-dir", "-x"], 64, "Unknown option '--dta-dir'. Did you mean '--data-dir'?"),
        (["topic", "list", "-b", "h:99999"], 64, "-b takes HOST:PORT such as 127.0.0.1:9092, found \"h:99999\""),
        (["topic", "list", "-b", "h:9092,h:abc"], 64, "found \"h:abc\""),
        (
            ["topic", "consume", "t", "-b", "h:1", "-f", "%s %q"], 64,
            "'%s %q' is invalid for '-f <format>': there is no %q;"
        ),
        (["topic", "list", "-b", ""], 64, "found \"\""),
        (["topic", "consume", "", "-b", "h:1"], 64, "a name has at least one character"),
        (["topic", "consume", "t", "-b", "h:1", "-G", ""], 64, "a name has at least one character"),
        (["topic", "create", "", "--data-dir", "log"], 64, "a name has at least one character"),
        (["group", "describe", "", "-b", "h:1"], 64, "a name has at least one character"),
        (["group", "delete", "", "--data-dir", "log"], 64, "a name has at least one character"),
        (
            ["group", "seek", "g", "--topic", "", "--to", "latest", "-b", "h:1"], 64,
            "a name has at least one character"
        ),
        (["topic", "list"], 64, "Missing expected argument '--data-dir <dir>'"),
        (
            ["topic", "create", "t", "--data-dir", "log", "-c", "durability=fast"], 64,
            "durability is synced or buffered"
        ),
        (["topic", "create", "__catalogue", "--data-dir", "log"], 64, "__catalogue"),
        (["topic", "create", "t", "--data-dir", "file"], 73, "file"),
        (["topic", "list", "--data-dir", "none"], 66, "none holds no log"),
        (["topic", "list", "--data-dir", "newer"], 65, "newer"),
        (["bench", "write", "--data-dir", "log", "--durability", "often"], 64, "often"),
        (["bench", "write", "--data-dir", "log", "--producers", "0"], 64, "--producers must be 1 to"),
        (["bench", "read", "--data-dir", "none"], 66, "none holds no log"),
        (["log", "verify", "file"], 3, "file"),
        (["log", "dump", "none"], 66, "no file none"),
    ]

    @Test("says in one line what is wrong, with the status that scripts know", arguments: refusals)
    func refuses(_ arguments: [String], _ status: Int32, _ words: String) async throws {
        try await withCommandLine { binary, folder in
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
            try FileManager.default.createDirectory(atPath: folder + "/newer", withIntermediateDirectories: true)
            let identity = "version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAABQ\nnode.id=1\nedgebroker.format=999\n"
            try Data(identity.utf8).write(to: URL(fileURLWithPath: folder + "/newer/meta.properties"))
            let paths = arguments.map {
                ["log", "file", "none", "newer"].contains($0) && $0 != arguments[0] ? "\(folder)/\($0)" : $0
            }
            let outcome = try await binary.run(paths, in: folder)
            #expect(outcome.status == status)
            let line = outcome.talk.replacing(folder + "/", with: "")
            #expect(line.hasPrefix("edgebroker: ") && line.contains(words) && line.split(separator: "\n").count == 1)
            #expect(outcome.output.isEmpty)
        }
    }

    @Test(
        "answers to --version and --help with data, for every verb with examples",
        arguments: [
            [], ["serve"], ["demo"], ["flow", "check"], ["topic", "create"], ["topic", "list"], ["topic", "describe"],
            ["topic", "consume"], ["topic", "alter"], ["topic", "delete"], ["topic", "produce"], ["group", "list"],
            ["group", "describe"], ["group", "seek"], ["group", "delete"], ["log", "verify"],
            ["log", "dump"], ["bench", "write"], ["bench", "read"],
        ])
    func help(_ verb: [String]) async throws {
        try await withCommandLine { binary, folder in
            let help = try await binary.run(verb + ["--help"], in: folder)
            #expect(help.status == 0 && help.talk.isEmpty)
            #expect(help.output.contains("EXAMPLES:\n  edgebroker \(verb.joined(separator: " "))"))
            let version = try await binary.run(["--version"], in: folder)
            #expect(version.status == 0 && version.output.hasPrefix("edgebroker "))
        }
    }

    @Test("makes, lists, describes and reads topics")
    func topics() async throws {
        try await withCommandLine { binary, folder in
            let data = ["--data-dir", folder + "/log"]
            #expect(try await binary.run(["topic", "create", "t", "--partitions", "2"] + data, in: folder).status == 0)
            let again = try await binary.run(["topic", "create", "t"] + data, in: folder)
            #expect(again.status == 73 && again.talk.contains("exists already"))
            try await append(to: folder + "/log")

            let list = try await binary.run(["topic", "list", "-o", "ndjson"] + data, in: folder).objects
            #expect(list.map { $0["topic"] as? String } == ["t"])
            #expect(list.first?["records"] as? Int == 3 && list.first?["partitions"] as? Int == 2)
            let described = try await binary.run(["topic", "describe", "t", "-o", "json"] + data, in: folder).objects
            let partitions = described.first?["partitions"] as? [[String: Any]]
            #expect(partitions?.map { $0["high_watermark"] as? Int } == [0, 3])

            let read = ["topic", "consume", "t", "--exit-at-end"] + data
            let records = try await binary.run(read + ["-o", "ndjson"], in: folder)
            #expect(
                records.lines == [
                    #"{"topic":"t","partition":1,"offset":0,"timestamp":1000,"headers":{"eb.seq":"7"},"key":"k","value":"a \"b\"\n한글"}"#,
                    #"{"topic":"t","partition":1,"offset":1,"timestamp":2000,"headers":{},"key":null,"value_b64":"/w=="}"#,
                    #"{"topic":"t","partition":1,"offset":2,"timestamp":3000,"headers":{"h":["1",null]},"key_b64":"gA==","value":null}"#,
                ])
            for (options, offsets) in [
                (["--from", "1", "--max", "1", "--partition", "1"], [1]), (["--from", "latest"], []),
                (["--partition", "0"], []),
                (["--from", "1970-01-01T00:00:01.500Z"], [1, 2]),
            ] {
                let found = try await binary.run(read + options + ["-o", "ndjson"], in: folder)
                #expect(found.status == 0 && found.objects.map { $0["offset"] as? Int } == offsets)
            }
            #expect(try await binary.run(read + ["--partition", "2"], in: folder).status == 66)
            #expect(try await binary.run(read + ["--from", "17", "--partition", "1"], in: folder).status == 66)
            #expect(try await binary.run(read + ["--from", "0"], in: folder).status == 64)
        }
    }

    private func append(to path: String) async throws {
        let broker = try await Broker.open(BrokerConfiguration(dataDirectory: path), logger: Logger(label: "test"))
        func record(_ time: Int64, _ key: [UInt8]?, _ value: [UInt8]?, _ headers: [RecordHeader]) -> Record {
            Record(key: key, value: value, headers: headers, timestamp: Timestamp(millisecondsSince1970: time))
        }
        try await broker.append(
            [
                record(
                    1000, Array("k".utf8), Array("a \"b\"\n한글".utf8),
                    [RecordHeader(key: "eb.seq", value: Array("7".utf8))]),
                record(2000, nil, [0xFF], []),
                record(
                    3000, [0x80], nil,
                    [RecordHeader(key: "h", value: Array("1".utf8)), RecordHeader(key: "h", value: nil)]),
            ], to: TopicPartition(topic: "t", partition: 1))
        await broker.close()
    }

    @Test("refuses a folder that another process has open, and ends with 130 on Ctrl-C")
    func locked() async throws {
        try await withCommandLine { binary, folder in
            let data = ["--data-dir", folder + "/log"]
            let written = try await binary.run(["bench", "write", "--records", "10"] + data, in: folder)
            #expect(written.status == 0)
            let pipe = Pipe()
            let reader = try binary.start(["topic", "consume", "bench"] + data, output: pipe, in: folder)
            // With its first record it has the lock, and keeps it as long as it waits for more. Not readabilityHandler:
            // Dispatch crashes when the pipe goes away beneath it.
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    _ = pipe.fileHandleForReading.availableData
                    continuation.resume()
                }
            }
            let outcome = try await binary.run(["topic", "list"] + data, in: folder)
            #expect(outcome.status == 75 && outcome.talk.contains("in use"))
            #expect(try await binary.run(["log", "verify", folder + "/log"], in: folder).status == 3)
            reader.process.interrupt()
            #expect(await reader.outcome().status == 130)
            #expect(try await binary.run(["topic", "list"] + data, in: folder).status == 0)
        }
    }
}
