import Foundation
import Testing

@Suite("The command line's topics") struct CommandLineTopicTests {
    private func run(
        _ binary: CommandLineBinary, _ words: String, input: String = "", in folder: String
    ) async throws -> CommandLineBinary.Outcome {
        let arguments = words.split(separator: " ").map(String.init) + ["--data-dir", folder + "/log"]
        let pipe = Pipe()
        let (_, outcome) = try binary.start(arguments, input: pipe, in: folder)
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        return await outcome()
    }

    @Test("produces a record a line, with keys where it is told so, to the partition of the key")
    func produces() async throws {
        try await withCommandLine { binary, folder in
            #expect(try await run(binary, "topic create t --partitions 3", in: folder).status == 0)
            let plain = try await run(binary, "topic produce t --partition 1", input: "a\n\nlast", in: folder)
            #expect(plain.status == 0 && plain.talk == "Appended 3 records to topic t.\n" && plain.output.isEmpty)
            // 21 and foobar are examples of Kafka's own test of its hash.
            let keyed = try await run(binary, "topic produce t -K =", input: "21=x\nfoobar=y=z\n21=w\n", in: folder)
            #expect(keyed.talk == "Appended 3 records to topic t.\n")
            let read = try await run(binary, "topic consume t --exit-at-end -o ndjson", in: folder).objects
            let found = read.map {
                "\($0["partition"] as? Int ?? -1) \($0["key"] as? String ?? "null") \($0["value"] as? String ?? "")"
            }
            #expect(found.filter { $0.contains("null") } == ["1 null a", "1 null ", "1 null last"])
            #expect(found.filter { $0.contains(" 21 ") }.map { $0.suffix(1) } == ["x", "w"])
            #expect(Set(found.filter { $0.contains(" 21 ") }.map { $0.prefix(1) }).count == 1)
            #expect(found.contains { $0.hasSuffix("foobar y=z") } && found.count == 6)
        }
    }

    @Test("says which line could not be appended, with those before it in the log")
    func refusedLine() async throws {
        try await withCommandLine { binary, folder in
            #expect(try await run(binary, "topic create t -c max.message.bytes=1024", in: folder).status == 0)
            let keyless = try await run(binary, "topic produce t -K :", input: "k:v\nx\nk:w\n", in: folder)
            #expect(keyless.status == 65 && keyless.talk.contains("Line 2 has no \":\" behind a key. The 1 lines"))
            let long = String(repeating: "v", count: 2000)
            let large = try await run(binary, "topic produce t", input: "a\n\(long)\nb\n", in: folder)
            #expect(large.status == 64 && large.talk.contains("Line 2 could not be appended"))
            let read = try await run(binary, "topic consume t --exit-at-end", in: folder)
            #expect(read.lines == ["v", "a"])
            #expect(try await run(binary, "topic produce none", input: "a\n", in: folder).status == 66)
            #expect(try await run(binary, "topic produce t --partition 7", input: "a\n", in: folder).status == 66)
        }
    }

    @Test("keeps what was acknowledged when produce is killed")
    func killed() async throws {
        try await withCommandLine { binary, folder in
            #expect(try await run(binary, "topic create t", in: folder).status == 0)
            let pipe = Pipe()
            let (process, outcome) = try binary.start(
                ["topic", "produce", "t", "--data-dir", folder + "/log"], input: pipe, in: folder)
            for number in 0..<5000 {
                try pipe.fileHandleForWriting.write(contentsOf: Data("line \(number)\n".utf8))
            }
            // Wherever it is by now, what it has appended is a beginning of what it was told.
            kill(process.processIdentifier, SIGKILL)
            #expect(await outcome().status == -SIGKILL)
            try pipe.fileHandleForWriting.close()
            let read = try await run(binary, "topic consume t --exit-at-end", in: folder)
            #expect(read.status == 0 && read.lines == (0..<read.lines.count).map { "line \($0)" })
        }
    }

    @Test("stops at Ctrl-C and says how many lines the log has, which are the first ones")
    func interrupted() async throws {
        try await withCommandLine { binary, folder in
            #expect(try await run(binary, "topic create t", in: folder).status == 0)
            let pipe = Pipe()
            let (process, outcome) = try binary.start(
                ["topic", "produce", "t", "--data-dir", folder + "/log"], input: pipe, in: folder)
            // More than a pipe holds: once it is written, some of it has been read.
            let lines = (0..<20_000).map { "line \($0)" }
            try pipe.fileHandleForWriting.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
            kill(process.processIdentifier, SIGINT)
            let ended = await outcome()
            try pipe.fileHandleForWriting.close()
            #expect(ended.status == 130)
            #expect(FileManager.default.fileExists(atPath: folder + "/log/.kafka_cleanshutdown"))
            let read = try await run(binary, "topic consume t --exit-at-end", in: folder).lines
            #expect(!read.isEmpty && read == Array(lines.prefix(read.count)))
            #expect(ended.talk.contains("Appended \(read.count) records to topic t."))
        }
    }

    @Test("alters, describes and deletes a topic")
    func administers() async throws {
        try await withCommandLine { binary, folder in
            #expect(try await run(binary, "topic create t -c retention.ms=5000", in: folder).status == 0)
            let altered = try await run(
                binary, "topic alter t -c segment.bytes=4096 --delete retention.ms --partitions 2", in: folder)
            #expect(altered.status == 0 && altered.talk == "Topic t has 2 partitions, segment.bytes=4096.\n")
            for (words, status, message) in [
                ("topic alter t", 64, "Nothing to alter"), ("topic alter t -c colour", 64, "colour"),
                ("topic alter t -c colour=red", 64, "there is no topic setting"),
                ("topic alter t --partitions 2", 64, "has 2 partitions"),
                ("topic alter none --partitions 2", 66, "There is no topic"),
            ] as [(String, Int32, String)] {
                let refused = try await run(binary, words, in: folder)
                #expect(refused.status == status && refused.talk.contains(message), "\(words): \(refused.talk)")
            }
            let object = try await run(binary, "topic describe t -o json", in: folder).objects.first
            let settings = object?["settings"] as? [[String: Any]] ?? []
            #expect(
                settings.filter { $0["default"] as? Bool == false }.map { $0["setting"] as? String } == [
                    "segment.bytes"
                ])
            #expect(settings.contains { $0["setting"] as? String == "compression.type" })
            #expect((object?["partitions"] as? [Any])?.count == 2)
            let table = try await run(binary, "topic describe t", in: folder)
            #expect(table.lines.contains { $0.split(separator: " ") == ["segment.bytes", "4096", "false"] })
            #expect(try await run(binary, "topic produce t", input: "a\n", in: folder).status == 0)
            let deleted = try await run(binary, "topic delete t", in: folder)
            #expect(deleted.status == 0 && deleted.talk == "Deleted topic t with 1 record.\n")
            #expect(try await run(binary, "topic delete t", in: folder).status == 66)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/log")
            #expect(!left.contains { $0.hasPrefix("t-") })
            #expect(try await binary.run(["log", "verify", folder + "/log"], in: folder).status == 0)
        }
    }
}
