import Foundation
import Testing

/// The binary through links with the names of Kafka's tools, on a server of ours.
@Suite("The names of Kafka's tools", .serialized) struct PersonaTests {
    private struct Tools {
        let folder: String
        let server: KafkaServer

        func callAsFunction(_ line: String, input: String = "") async throws -> CommandLineBinary.Outcome {
            var words = line.split(separator: " ").map(String.init)
            let tool = CommandLineBinary(path: "\(folder)/\(words.removeFirst())")
            let pipe = Pipe()
            let (_, outcome) = try tool.start(
                ["--bootstrap-server", server.address] + words, input: pipe, in: folder)
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
            return await outcome()
        }
    }

    @Test("do what these tools do, and print what they print")
    func tools() async throws {
        try await withCommandLine { binary, folder in
            for name in [
                "kafka-topics.sh", "kafka-console-producer", "kafka-console-consumer", "kafka-consumer-groups",
                "kafka-get-offsets",
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: binary.path)
            }
            let server = try KafkaServer()
            defer { server.stop() }
            let run = Tools(folder: folder, server: server)

            func expect(_ line: String, _ output: String, input: String = "", status: Int32 = 0) async throws {
                let outcome = try await run(line, input: input)
                #expect(outcome.output == output && outcome.status == status, "\(line): \(outcome.talk)")
            }
            try await expect(
                "kafka-topics.sh --create --topic t --partitions 2 --config retention.ms=5000000", "Created topic t.\n")
            try await expect("kafka-topics.sh --create --topic t --if-not-exists", "")
            try await expect("kafka-topics.sh --create --topic t", "", status: 73)
            try await expect("kafka-topics.sh --describe --topic none --if-exists", "")
            try await expect("kafka-topics.sh --describe --topic none", "", status: 66)
            try await expect("kafka-topics.sh --list --exclude-internal", "t\n")
            try await expect(
                "kafka-topics.sh --describe --topic t",
                """
                Topic: t\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: retention.ms=5000000
                \tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1
                \tTopic: t\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1

                """)
            try await expect("kafka-console-producer --topic t", "", input: "lost\n")
            try await expect("kafka-topics.sh --delete --topic t", "")
            try await expect("kafka-topics.sh --delete --topic t", "", status: 66)
            try await expect("kafka-topics.sh --create --topic t", "Created topic t.\n")

            let keyed = "--property parse.key=true --property key.separator=:"
            try await expect("kafka-console-producer --topic t \(keyed)", "", input: "a:1\nb:2\nc:3\n")
            let read = "kafka-console-consumer --topic t"
            try await expect("\(read) --from-beginning --max-messages 2 --property print.key=true", "a\t1\nb\t2\n")
            try await expect("\(read) --partition 0 --offset 1 --timeout-ms 10000", "2\n3\n")
            try await expect("\(read) --group g --from-beginning --max-messages 1", "1\n")
            try await expect(
                "kafka-topics.sh --create --topic l --config message.timestamp.type=LogAppendTime", "Created topic l.\n"
            )
            try await expect(
                "kafka-console-producer --topic l --message-send-max-retries 0 --producer-property acks=1", "",
                input: "x\n")
            let time = "--from-beginning --max-messages 1 --property print.timestamp=true"
            #expect(try await run("kafka-console-consumer --topic l \(time)").output.hasPrefix("LogAppendTime:"))
            #expect(try await run("\(read) \(time)").output.hasPrefix("CreateTime:"))
            try await expect("kafka-topics.sh --delete --topic l", "")
            #expect(try await run("\(read) --timeout-ms 0").talk == "Processed a total of 0 messages\n")

            try await expect("kafka-get-offsets --topic t", "t:0:3\n")
            try await expect("kafka-get-offsets --topic t --time earliest", "t:0:0\n")
            try await expect("kafka-consumer-groups --list", "g\n")
            let described = try await run("kafka-consumer-groups --describe --group g")
            #expect(described.talk == "\nConsumer group 'g' has no active members.\n")
            let values = described.lines.last?.split(separator: " ").map(String.init)
            #expect(values == ["g", "t", "0", "1", "3", "2", "-", "-", "-"])
            let reset = "kafka-consumer-groups --group g --reset-offsets --topic t"
            try await expect("\(reset) --to-latest --export", "t,0,3\n")
            try await expect("\(reset) --to-current --export", "t,0,1\n")
            try await expect("\(reset.replacing("--group g", with: "--group new")) --to-current --export", "t,0,3\n")
            try await expect("kafka-consumer-groups --list --state", "GROUP           STATE\ng               Empty\n")
            #expect(try await run("\(reset) --to-offset 2 --execute").status == 0)
            try await expect("\(read) --group g --max-messages 1", "3\n")
            try await expect(
                "kafka-consumer-groups --delete --group g",
                "Deletion of requested consumer groups ('g') was successful.\n")
            try await expect("kafka-consumer-groups --describe --group g", "", status: 66)
        }
    }

    @Test("read by patterns, and take headers, nulls and other line ends")
    func linesAndPatterns() async throws {
        try await withCommandLine { binary, folder in
            for name in ["kafka-topics", "kafka-console-producer", "kafka-console-consumer", "kafka-get-offsets"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: binary.path)
            }
            let server = try KafkaServer()
            defer { server.stop() }
            let run = Tools(folder: folder, server: server)
            func expect(_ line: String, _ output: String, input: String = "", status: Int32 = 0) async throws {
                let outcome = try await run(line, input: input)
                #expect(outcome.output == output && outcome.status == status, "\(line): \(outcome.talk)")
            }
            for topic in ["erp.a", "erp.b", "mes"] {
                try await expect("kafka-topics --create --topic \(topic) --partitions 1", "Created topic \(topic).\n")
            }
            try await expect("kafka-console-producer --topic erp.a", "", input: "1\r\n2\r\n")
            let keyed = "--property parse.key=true --property key.separator=: --property null.marker=NULL"
            try await expect(
                "kafka-console-producer --topic erp.b \(keyed) --property parse.headers=true", "",
                input: "h:v,g:NULL\tk:NULL\n")
            try await expect("kafka-console-producer --topic mes", "", input: "3\n")
            let read = "kafka-console-consumer --from-beginning --include erp\\..*"
            let lines = try await run("\(read) --timeout-ms 10000 --property print.headers=true").output
            #expect(lines.split(separator: "\n").sorted() == ["NO_HEADERS\t1", "NO_HEADERS\t2", "h:v,g:null\tnull"])
            let group = try await run("\(read) --timeout-ms 60000 --group g --max-messages 3")
            #expect(group.lines.sorted() == ["1", "2", "null"], "\(group.talk)")
            try await expect("kafka-console-consumer --include none.* --from-beginning", "", status: 66)
            let dialect = try await run("kafka-console-consumer --include erp\\.\\w --group g")
            #expect(dialect.status == 64 && dialect.talk.contains("extended expression of POSIX"), "\(dialect.talk)")
            let none = try await run("kafka-console-consumer --topic mes --group=")
            #expect(none.status == 64 && none.talk.contains("Missing value for '--group <group>'"), "\(none.talk)")
            let formatter = try await run("kafka-console-consumer --topic mes --formatter x")
            #expect(
                formatter.status == 64
                    && formatter.talk.hasPrefix("kafka-console-consumer: --formatter is not offered. "))
            try await expect("kafka-get-offsets --topic-partitions erp.a:0,mes:0-1", "erp.a:0:2\nmes:0:1\n")
            try await expect("kafka-console-producer --topic erp.a", "", input: "later\n")
            try await expect("kafka-get-offsets --topic erp.a --time -3", "erp.a:0:2\n")
        }
    }

    @Test("move and forget offsets of groups as a file says")
    func offsets() async throws {
        try await withCommandLine { binary, folder in
            for name in ["kafka-topics", "kafka-console-producer", "kafka-consumer-groups"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: binary.path)
            }
            let server = try KafkaServer()
            defer { server.stop() }
            let run = Tools(folder: folder, server: server)
            for topic in ["t", "u"] { _ = try await run("kafka-topics --create --topic \(topic) --partitions 1") }
            _ = try await run("kafka-console-producer --topic t", input: "1\n2\n3\n")
            try Data("t,0,2\nu,0,0\n".utf8).write(to: URL(fileURLWithPath: folder + "/plan.csv"))
            let reset = "kafka-consumer-groups --group g --reset-offsets --from-file \(folder)/"
            let planned = try await run("\(reset)plan.csv --export")
            #expect(planned.output == "t,0,2\nu,0,0\n", "\(planned.talk)")
            let described = "kafka-consumer-groups --describe --group g"
            #expect(try await run(described).status == 66)
            #expect(try await run("\(reset)plan.csv --execute").status == 0)
            let lines = try await run(described).lines.dropFirst().map {
                $0.split(separator: " ").prefix(4).map(String.init)
            }
            #expect(lines == [["g", "t", "0", "2"], ["g", "u", "0", "0"]])
            // One line that cannot be, and none counts.
            try Data("u,0,0\nt,0,9\n".utf8).write(to: URL(fileURLWithPath: folder + "/plan.csv"))
            #expect(try await run("\(reset)plan.csv --execute").status != 0)
            #expect(try await run("\(reset)none.csv --execute").status == 66)

            // A group with members stops it before any line counts; one without a line is passed over.
            let both =
                "kafka-consumer-groups --group g --group h --reset-offsets --from-file \(folder)/both.csv --execute"
            try Data("g,t,0,1\nh,t,0,1\n".utf8).write(to: URL(fileURLWithPath: folder + "/both.csv"))
            let records = Pipe()
            let member = try binary.start(
                ["topic", "consume", "t", "-G", "h", "-b", server.address], output: records, in: folder)
            #expect(!records.fileHandleForReading.availableData.isEmpty)
            let busy = try await run(both)
            #expect(busy.status == 75 && busy.talk.contains("Group h has members"), "\(busy.talk)")
            #expect(try await run(described).output.contains("g               t               0          2 "))
            Foundation.kill(member.process.processIdentifier, SIGTERM)
            _ = await member.outcome()
            try Data("g,t,0,1\n".utf8).write(to: URL(fileURLWithPath: folder + "/both.csv"))
            let one = try await run(both)
            #expect(one.status == 0 && one.talk.contains("no offset for group h"), "\(one.talk)")
            #expect(try await run(described).output.contains("g               t               0          1 "))

            let forgotten = try await run("kafka-consumer-groups --group g --delete-offsets --topic t")
            #expect(
                forgotten.output == """
                    Request succeeded for deleting offsets from group g.

                    TOPIC           PARTITION  STATUS         
                    t               0          Successful     

                    """, "\(forgotten.talk)")
            #expect(try await run(described).lines.count == 2)
            #expect(try await run("kafka-consumer-groups --group none --delete-offsets --topic t").status == 66)
            let typed = try await run("kafka-consumer-groups --list --type classic")
            #expect(typed.status == 64 && typed.talk.contains("--type is not offered. librdkafka does not tell"))
        }
    }

    @Test("say what they do not know, with their usage")
    func unknown() async throws {
        try await withCommandLine { binary, folder in
            let path = folder + "/kafka-topics"
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: binary.path)
            let refused = try await CommandLineBinary(path: path).run(
                ["--bootstrap-server", "127.0.0.1:1", "--lst"], in: folder)
            #expect(refused.status == 64 && refused.talk.hasPrefix("kafka-topics: Unknown option '--lst'"))
            #expect(refused.talk.contains("Usage: kafka-topics "), "\(refused.talk)")
            let nothing = try await CommandLineBinary(path: path).run([], in: folder)
            #expect(
                nothing.status == 64
                    && nothing.talk.hasPrefix("kafka-topics: No options were given. Try --help.\nUsage: "))
            #expect(
                !nothing.talk.contains("EXAMPLES") && nothing.talk.split(separator: "\n").count == 2, "\(nothing.talk)")
            let hidden = try await CommandLineBinary(path: path).run(
                ["--bootstrap-sever", "h:1", "--list"], in: folder)
            #expect(
                hidden.talk.hasPrefix(
                    "kafka-topics: Unknown option '--bootstrap-sever'. Did you mean '--bootstrap-server'?"),
                "\(hidden.talk)")
            let port = try await CommandLineBinary(path: path).run(
                ["--bootstrap-server", "h:0x", "--list"], in: folder)
            #expect(port.status == 64 && port.talk.contains("--bootstrap-server takes HOST:PORT"), "\(port.talk)")
        }
    }
}
