import Foundation
import Testing

/// Each verb once on a folder and once on a server that serves the same kind of folder.
@Suite("The command line over the wire", .serialized) struct CommandLineWireTests {
    /// A server, and a folder beside it in which the same is done.
    private struct Places {
        let binary: CommandLineBinary
        let folder: String
        let server: KafkaServer

        func served(_ words: [String], input: String = "") async throws -> CommandLineBinary.Outcome {
            try await run(words + ["--bootstrap-server", server.address], input)
        }

        func local(_ words: [String], input: String = "") async throws -> CommandLineBinary.Outcome {
            try await run(words + ["--data-dir", folder + "/log"], input)
        }

        /// - Returns: what both places give, the folder's first.
        func both(
            _ words: String, input: String = ""
        ) async throws -> (CommandLineBinary.Outcome, CommandLineBinary.Outcome) {
            let list = words.split(separator: " ").map(String.init)
            return (try await local(list, input: input), try await served(list, input: input))
        }

        private func run(_ arguments: [String], _ input: String) async throws -> CommandLineBinary.Outcome {
            let pipe = Pipe()
            let (_, outcome) = try binary.start(arguments, input: pipe, in: folder)
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
            return await outcome()
        }
    }

    private func withPlaces(_ body: (Places) async throws -> Void) async throws {
        try await withCommandLine { binary, folder in
            let server = try KafkaServer()
            defer { server.stop() }
            try await body(Places(binary: binary, folder: folder, server: server))
        }
    }

    @Test("creates, lists, describes, alters and deletes topics as in a folder")
    func topics() async throws {
        try await withPlaces { places in
            for words in ["topic create t --partitions 2 -c retention.ms=5000", "topic create u"] {
                let (local, served) = try await places.both(words)
                #expect(local.status == 0 && served.status == 0, "\(served.talk)")
                #expect(local.talk.hasPrefix(String(served.talk.dropLast(2))))
            }
            let (localList, servedList) = try await places.both("topic list -o ndjson")
            func rows(_ outcome: CommandLineBinary.Outcome) -> [String] {
                outcome.objects.map { "\($0["topic"] ?? "") \($0["partitions"] ?? "") \($0["records"] ?? "")" }
                    .filter { !$0.hasPrefix("__") }
            }
            #expect(rows(localList) == rows(servedList) && rows(servedList) == ["t 2 0", "u 1 0"])
            let altered = try await places.both(
                "topic alter t -c segment.bytes=4096 --delete retention.ms --partitions 3")
            #expect(
                altered.0.talk == altered.1.talk && altered.1.talk == "Topic t has 3 partitions, segment.bytes=4096.\n")
            let described = try await places.both("topic describe t -o json")
            func settings(_ outcome: CommandLineBinary.Outcome) -> [String: String] {
                let all = outcome.objects.first?["configuration"] as? [String: String] ?? [:]
                return all
            }
            #expect(settings(described.0) == settings(described.1) && settings(described.1)["segment.bytes"] == "4096")
            for (words, status) in [
                ("topic create t", 73), ("topic create t.x -c colour=red", 64), ("topic describe none", 66),
                ("topic alter t --partitions 2", 64), ("topic alter none -c retention.ms=1", 66),
                ("topic delete none", 66),
                ("topic alter t -c colour=red", 64), ("topic consume none -e", 66), ("topic consume t -e -p 7", 66),
            ] as [(String, Int32)] {
                let (local, served) = try await places.both(words)
                #expect(local.status == status && served.status == status, "\(words): \(local.talk)\(served.talk)")
                #expect(served.talk.split(separator: "\n").count == 1, "\(served.talk)")
            }
            let deleted = try await places.both("topic delete t")
            #expect(deleted.0.talk == deleted.1.talk && deleted.1.status == 0)
            #expect(try await places.served(["topic", "delete", "t"]).status == 66)
        }
    }

    @Test("changes no setting of a topic that cannot have so many partitions")
    func partitionsFirst() async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t --partitions 2")
            for count in ["2", "1", "10001"] {
                let (local, served) = try await places.both("topic alter t -c retention.ms=7000 --partitions \(count)")
                #expect(local.status == 64 && served.status == 64, "\(local.talk)\(served.talk)")
            }
            let (local, served) = try await places.both("topic describe t")
            #expect(!local.output.contains("retention.ms=7000") && !served.output.contains("retention.ms=7000"))
            #expect(try await places.both("topic alter t -c retention.ms=7000 --partitions 3").1.status == 0)
        }
    }

    @Test("waits for a server whose answers come late")
    func late() async throws {
        try await withCommandLine { binary, folder in
            let relay = try SlowRelay()
            let server = try KafkaServer(advertised: relay.address)
            defer { server.stop() }
            relay.forward(to: server.address, delay: .milliseconds(900))
            let listed = try await binary.run(["topic", "list", "-b", relay.address], in: folder)
            #expect(listed.status == 0, "\(listed.talk)")
        }
    }

    @Test("stops waiting for the end when the server is away, and follows one that comes back")
    func away() async throws {
        try await withPlaces { places in
            _ = try await places.served(["topic", "create", "t"])
            let lines = (0..<4000).map { "\($0) \(String(repeating: "v", count: 1000))\n" }.joined()
            #expect(try await places.served(["topic", "produce", "t"], input: lines).status == 0)
            // Little is fetched ahead, so that what a full pipe holds up is still on the server.
            let few = [
                "-X", "queued.max.messages.kbytes=100", "-X", "queued.min.messages=1", "-X",
                "fetch.message.max.bytes=50000",
            ]
            let (ending, following) = (Pipe(), Pipe())
            let toEnd = try places.binary.start(
                ["topic", "consume", "t", "-e", "-b", places.server.address] + few, output: ending, in: places.folder)
            _ = ending.fileHandleForReading.availableData
            let follower = try places.binary.start(
                ["topic", "consume", "t", "-o", "-1", "-b", places.server.address], output: following,
                in: places.folder)
            #expect(!following.fileHandleForReading.availableData.isEmpty)
            places.server.kill()
            let reader = ending.fileHandleForReading
            async let rest: Void = onThread { while !reader.availableData.isEmpty {} }
            let ended = await toEnd.outcome()
            await rest
            #expect(ended.status == 69 && ended.talk.contains("does not answer"), "\(ended.talk)")
            try places.server.restart()
            #expect(try await places.served(["topic", "produce", "t"], input: "late\n").status == 0)
            let later = following.fileHandleForReading
            let more = await onThread { later.availableData }
            #expect(String(decoding: more, as: UTF8.self) == "late\n")
            Foundation.kill(follower.process.processIdentifier, SIGTERM)
            let followed = await follower.outcome()
            let said = followed.talk.split(separator: "\n").map(String.init)
            #expect(said.count { $0.contains("does not answer") } == 1, "\(followed.talk)")
            #expect(said.count { $0.contains("answers again") } == 1, "\(followed.talk)")
        }
    }

    @Test(
        "lists, describes and deletes groups of Kafka's consumer protocol",
        .enabled(if: PythonClients.isThere, PythonClients.missing))
    func consumerProtocol() async throws {
        try await withPlaces { places in
            _ = try await places.served(["topic", "create", "t"])
            _ = try await places.served(["topic", "produce", "t"], input: "a\nb\nc\n")
            let member = try PythonClients.start("consumer_protocol_member", [places.server.address, "t", "g", "2"])
            let output = member.output
            let said = await onThread { output.availableData }
            #expect(String(decoding: said, as: UTF8.self).hasPrefix("committed"))
            let listed = try await places.served(["group", "list", "-o", "ndjson"])
            #expect(listed.objects.map { $0["group"] as? String } == ["g"], "\(listed.output)")
            #expect(listed.objects.first?["lag"] as? Int == 1)
            #expect(listed.objects.first?["members"] is NSNull)
            let described = try await places.served(["group", "describe", "g", "-o", "json"])
            let partitions = described.objects.first?["partitions"] as? [[String: Any]]
            #expect(partitions?.map { $0["committed"] as? Int } == [2], "\(described.talk)")
            #expect(try await places.served(["group", "describe", "g"]).status == 0)
            #expect(try await places.served(["group", "delete", "g"]).status == 75)
            let moved = try await places.served(["group", "seek", "g", "--topic", "t", "--to", "earliest"])
            #expect(moved.status == 75 && moved.talk.contains("Group g has members"), "\(moved.talk)")
            member.process.terminate()
            member.process.waitUntilExit()
            let tool = CommandLineBinary(path: places.folder + "/kafka-consumer-groups")
            try FileManager.default.createSymbolicLink(atPath: tool.path, withDestinationPath: places.binary.path)
            func run(_ words: String) async throws -> CommandLineBinary.Outcome {
                let words = words.split(separator: " ").map(String.init)
                return try await tool.run(["--bootstrap-server", places.server.address] + words, in: places.folder)
            }
            #expect(try await run("--list").output == "g\n")
            #expect(try await run("--describe --all-groups").lines.last?.hasPrefix("g ") == true)
            #expect(try await run("--describe --group g --state").status == 0)
            let deleted = try await run("--delete --group g")
            #expect(deleted.status == 0, "\(deleted.talk)")
            #expect(try await run("--list").output.isEmpty)
            #expect(try await run("--describe --group g").status == 66)
        }
    }

    @Test("produces and consumes the same lines, in the same partitions")
    func records() async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t --partitions 3")
            let lines = (0..<500).map { "key-\($0 % 17):value \($0)\n" }.joined()
            let produced = try await places.both("topic produce t -K :", input: lines)
            for outcome in [produced.0, produced.1] {
                // Before it there may be a line about how far it has come.
                let isTold = outcome.talk.hasSuffix("Appended 500 records to topic t.\n")
                #expect(outcome.status == 0 && isTold, "\(outcome.talk)")
            }
            for words in [
                "topic consume t -e -f %p|%o|%k|%K|%s|%S|%t|%h\\n", "topic consume t -e -o -2 -f %p:%o,",
                "topic consume t -e -p 1",
                "topic consume t -e -p 1 -o 3 -c 5", "topic consume t -e -o end",
                "topic consume t -e --from 2100-01-01T00:00:00Z",
                "topic consume t -e -o s@0 -o e@1", "topic consume t -e -o s@2020-01-01T00:00:00Z -f %s,",
            ] {
                let (local, served) = try await places.both(words)
                #expect(local.status == 0 && served.status == 0, "\(words): \(served.talk)")
                #expect(local.output == served.output, "\(words)")
            }
            let json = try await places.served(["topic", "consume", "t", "-e", "-o", "ndjson", "-c", "1"]).objects
            #expect(json.first?["key"] as? String != nil && json.first?["topic"] as? String == "t")
            #expect(try await places.served(["topic", "consume", "t", "-c", "7"]).lines.count == 7)
        }
    }

    @Test("reads as a member of a group, and goes on behind what was printed")
    func groupReading() async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t --partitions 2")
            let lines = (0..<20).map { "\($0):\($0)\n" }.joined()
            _ = try await places.both("topic produce t -K :", input: lines)
            for place in [places.local, places.served] {
                let first = try await place(["topic", "consume", "t", "-G", "g", "-c", "8"], "")
                let rest = try await place(["topic", "consume", "t", "-G", "g", "-e"], "")
                #expect(first.lines.count == 8 && first.status == 0 && rest.status == 0, "\(first.talk)\(rest.talk)")
                #expect((first.lines + rest.lines).sorted() == (0..<20).map { "\($0)" }.sorted())
                #expect(try await place(["topic", "consume", "t", "-G", "g", "-e"], "").output.isEmpty)
            }
        }
    }

    @Test("lists, describes, moves and deletes groups as in a folder")
    func groups() async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t --partitions 2")
            _ = try await places.both("topic produce t -p 0", input: "a\nb\nc\n")
            for (words, status) in [
                ("group seek g --topic t --to earliest --dry-run -o json", 0), ("group describe g", 66),
                ("group seek g --topic t --to earliest -o json", 0),
                ("group seek g --topic t -o json --partition 0 --to 2", 0),
                ("group seek g --topic t --partition 0 --to 4", 66), ("group seek g --topic none --to latest", 66),
                ("group seek g --topic t --to 1970-01-01T00:00:00Z --dry-run -o json", 0),
                ("group list -o json", 0), ("group delete g", 0), ("group delete g", 66), ("group list -o json", 0),
            ] as [(String, Int32)] {
                let (local, served) = try await places.both(words)
                #expect(local.status == status && served.status == status, "\(words): \(local.talk)\(served.talk)")
                #expect(local.output == served.output, "\(words)")
            }
            _ = try await places.both("group seek g --topic t --partition 0 --to 1")
            let (local, served) = try await places.both("group describe g -o json")
            func partitions(_ outcome: CommandLineBinary.Outcome) -> String {
                let found = outcome.objects.first?["partitions"] as? [[String: Any]] ?? []
                return found.map { "\($0["partition"] ?? "") \($0["committed"] ?? "") \($0["lag"] ?? "")" }.joined()
            }
            #expect(partitions(local) == partitions(served) && partitions(served) == "0 1 2")
            #expect(served.objects.first?["state"] as? String == "Empty")
        }
    }

    @Test("says which line a server refused, and how many it has")
    func refusedLine() async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t -c max.message.bytes=1024")
            let long = String(repeating: "v", count: 2000)
            let large = try await places.served(["topic", "produce", "t"], input: "a\n\(long)\n")
            #expect(large.status == 64 && large.talk.contains("Line 2 could not be appended"), "\(large.talk)")
            #expect(large.talk.contains("1 of the 2 lines"))
            let keyless = try await places.served(["topic", "produce", "t", "-K", ":"], input: "k:v\nx\n")
            #expect(keyless.status == 65 && keyless.talk.contains("Line 2 has no \":\" behind a key"))
            #expect(try await places.served(["topic", "consume", "t", "-e"]).lines == ["a", "v"])
            _ = try await places.both("topic create c -c cleanup.policy=compact")
            let unkeyed = try await places.served(["topic", "produce", "c"], input: "a\n")
            #expect(unkeyed.status == 64 && unkeyed.talk.contains("need a key: `topic produce -K"), "\(unkeyed.talk)")
            let (local, served) = try await places.both("topic produce none", input: "a\n")
            #expect(local.status == 66 && served.status == 66, "\(served.talk)")
        }
    }

    @Test(
        "stops at SIGINT with 130 and at SIGTERM with 143, with what it had read appended",
        arguments: [SIGINT, SIGTERM])
    func stopped(_ signal: Int32) async throws {
        try await withPlaces { places in
            _ = try await places.both("topic create t")
            let pipe = Pipe()
            let (process, outcome) = try places.binary.start(
                ["topic", "produce", "t", "-b", places.server.address], input: pipe, in: places.folder)
            try pipe.fileHandleForWriting.write(contentsOf: Data("a\nb\n".utf8))
            // When they can be read, the lines were taken.
            #expect(try await places.served(["topic", "consume", "t", "-c", "2"]).lines == ["a", "b"])
            kill(process.processIdentifier, signal)
            let ended = await outcome()
            try pipe.fileHandleForWriting.close()
            #expect(
                ended.status == 128 + signal && ended.talk.contains("Appended 2 records to topic t."), "\(ended.talk)")
            let output = Pipe()
            let (reader, read) = try places.binary.start(
                ["topic", "consume", "t", "-b", places.server.address], output: output, in: places.folder)
            #expect(output.fileHandleForReading.availableData.isEmpty == false)
            kill(reader.processIdentifier, signal)
            #expect(await read().status == 128 + signal)
        }
    }

    @Test("says that no server answers, and what it does not understand")
    func failures() async throws {
        try await withCommandLine { binary, folder in
            let absent = try await binary.run(["topic", "list", "--bootstrap-server", "127.0.0.1:1"], in: folder)
            #expect(absent.status == 69 && absent.talk.contains("127.0.0.1:1 does not answer"), "\(absent.talk)")
            #expect(absent.talk.split(separator: "\n").count == 1)
            let file = folder + "/client.properties"
            try Data("sasl.pasword=hunter2\n".utf8).write(to: URL(fileURLWithPath: file))
            for (words, status, message) in [
                (["-b", "127.0.0.1:1", "-X", "sasl.pasword=hunter2"], 64, "no client property sasl.pasword"),
                (["-b", "127.0.0.1:1", "--command-config", file], 64, "no client property sasl.pasword"),
                (["-b", "127.0.0.1:1", "--command-config", folder + "/none"], 66, "no such file"),
                (["--data-dir", folder, "-X", "a=b"], 64, "--bootstrap-server"),
                (["--data-dir", folder, "-b", "h:1"], 64, "not both"), ([], 64, "--bootstrap-server"),
            ] as [([String], Int32, String)] {
                let refused = try await binary.run(["topic", "list"] + words, in: folder)
                #expect(refused.status == status && refused.talk.contains(message), "\(words): \(refused.talk)")
                #expect(!refused.talk.contains("hunter2"))
            }
        }
    }
}
