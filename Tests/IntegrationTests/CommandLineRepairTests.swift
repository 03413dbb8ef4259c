import Foundation
import Testing

@Suite("log repair and log dump") struct CommandLineRepairTests {
    /// A log of one topic and what was acknowledged of it.
    private func written(_ binary: CommandLineBinary, _ folder: String) async throws -> (log: String, acks: String) {
        let log = folder + "/log"
        let outcome = try await binary.run(
            [
                "bench", "write", "--data-dir", log, "--topic", "t", "--partitions", "2", "--records", "400",
                "--value-size", "100", "--batch-records", "10", "--producers", "2", "--segment-bytes", "8192",
                "--print-acks",
            ], in: folder)
        #expect(outcome.status == 0)
        let acks = outcome.lines.filter { $0.hasPrefix("ACK ") }.joined(separator: "\n")
        try Data(acks.utf8).write(to: URL(fileURLWithPath: folder + "/acks"))
        return (log, folder + "/acks")
    }

    private func flip(_ path: String, _ byte: Int) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[byte] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "wants to know whether to do it, and neither form touches a sound log",
        arguments: [[], ["--dry-run", "--yes"]])
    func usage(wrong: [String]) async throws {
        try await withCommandLine { binary, folder in
            let (log, _) = try await written(binary, folder)
            #expect(try await binary.run(["log", "repair", log] + wrong, in: folder).status == 64)
            for right in ["--dry-run", "--yes"] {
                let outcome = try await binary.run(["log", "repair", log, right, "-o", "json"], in: folder)
                #expect(outcome.status == 0 && outcome.output == "[]\n")
            }
            #expect(!FileManager.default.fileExists(atPath: log + "/set-aside"))
            let none = try await binary.run(["log", "repair", log + "/none", "--dry-run"], in: folder)
            #expect(none.status == 66 && none.talk.contains("does not exist"))
        }
    }

    @Test("sets a damaged segment aside and serves the rest; verify knows the gap, and that it explains what is lost")
    func damaged() async throws {
        try await withCommandLine { binary, folder in
            let (log, acks) = try await written(binary, folder)
            let segment = log + "/t-0/00000000000000000000.log"
            try flip(segment, 100)
            let damaged = try Data(contentsOf: URL(fileURLWithPath: segment))

            let planned = try await binary.run(["log", "repair", log, "--dry-run", "-o", "ndjson"], in: folder)
            #expect(planned.status == 0)
            #expect(planned.objects.map { $0["action"] as? String } == ["record-gap", "replace"])
            #expect(planned.objects[0]["first_offset"] as? Int == 0 && planned.objects[0]["last_offset"] as? Int == 9)
            #expect(try Data(contentsOf: URL(fileURLWithPath: segment)) == damaged)

            let done = try await binary.run(["log", "repair", log, "--yes", "-o", "ndjson"], in: folder)
            #expect(done.status == 0 && done.output == planned.output)
            let times = try FileManager.default.contentsOfDirectory(atPath: log + "/set-aside")
            let aside = log + "/set-aside/" + (try #require(times.first)) + "/t-0/00000000000000000000.log"
            #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == damaged)

            let verified = try await binary.run(["log", "verify", log], in: folder)
            #expect(verified.status == 0 && verified.lines.count == 2)
            #expect(verified.lines[0].hasPrefix("GAP \(log)/t-0/00000000000000000000.gap offsets 0..9: "))
            let held = try await binary.run(["log", "verify", log, "--acks", acks, "-o", "json"], in: folder)
            let found = try #require(held.objects.first)
            #expect(held.status == 2 && (found["lost"] as? [Any])?.count == 10)
            #expect((found["gaps"] as? [Any])?.count == 1 && (found["damages"] as? [Any])?.isEmpty == true)

            let read = try await binary.run(
                ["topic", "consume", "t", "--partition", "0", "--exit-at-end", "-o", "ndjson", "--data-dir", log],
                in: folder)
            #expect(read.status == 2 && read.objects.first?["offset"] as? Int == 10 && read.objects.count == 190)

            let dumped = try await binary.run(
                ["log", "dump", log + "/t-0/00000000000000000000.gap", "-o", "ndjson"], in: folder)
            #expect(dumped.objects.first?["last_offset"] as? Int == 9)
            let partition = try await binary.run(["log", "dump", log + "/t-0", "-o", "ndjson"], in: folder)
            #expect(
                partition.status == 0 && partition.talk.contains("00000000000000000000.gap names offsets that are lost")
            )
        }
    }

    @Test("damage of one partition explains nothing that is lost of another")
    func unexplained() async throws {
        try await withCommandLine { binary, folder in
            let (log, acks) = try await written(binary, folder)
            try flip(log + "/t-0/00000000000000000000.log", 100)
            let more = try String(contentsOfFile: acks, encoding: .utf8) + "\nACK t 1 1000 -\n"
            try Data(more.utf8).write(to: URL(fileURLWithPath: acks))
            let verified = try await binary.run(["log", "verify", log, "--acks", acks], in: folder)
            #expect(verified.status == 1)
            #expect(verified.lines.contains("LOST t 1 1000: no damage explains it"))
            #expect(verified.lines.count { $0.hasPrefix("LOST t 0 ") && $0.hasSuffix("explained by damage") } == 10)
        }
    }

    @Test("a lost meta.properties keeps the log shut until a repair has it back")
    func metaProperties() async throws {
        try await withCommandLine { binary, folder in
            let (log, acks) = try await written(binary, folder)
            let file = log + "/meta.properties"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            try Data("version=0\n".utf8).write(to: URL(fileURLWithPath: file))
            let verified = try await binary.run(["log", "verify", log, "--acks", acks], in: folder)
            #expect(verified.status == 2 && verified.lines[0].hasPrefix("DAMAGE \(file) offsets none byte 0: "))
            #expect(try await binary.run(["topic", "list", "--data-dir", log], in: folder).status == 65)
            #expect(try await binary.run(["log", "repair", log, "--yes"], in: folder).status == 0)
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
            #expect(try await binary.run(["topic", "list", "--data-dir", log], in: folder).status == 0)
            #expect(try await binary.run(["log", "verify", log, "--acks", acks], in: folder).status == 0)
        }
    }

    @Test("what no repair can put right is named, and the exit status says so")
    func left() async throws {
        try await withCommandLine { binary, folder in
            let (log, _) = try await written(binary, folder)
            try FileManager.default.removeItem(atPath: log + "/__catalogue-0")
            let outcome = try await binary.run(["log", "repair", log, "--yes", "-o", "json"], in: folder)
            #expect(outcome.status == 2)
            #expect(
                outcome.output.contains(#""action":"none""#) && outcome.output.contains("the folder of partition 0"))
        }
    }

    @Test(
        "every file of a log can be looked into",
        arguments: [
            ("meta.properties", "key"), ("synced-ends", "leader_epoch"), ("t-0/partition.metadata", "topic_id"),
            ("t-0/00000000000000000000.index", "file_position"), ("t-0/00000000000000000000.timeindex", "timestamp"),
            ("t-0/00000000000000000000.seal", "last_batch_crc"),
        ])
    func dumped(name: String, field: String) async throws {
        try await withCommandLine { binary, folder in
            let (log, _) = try await written(binary, folder)
            let outcome = try await binary.run(["log", "dump", "\(log)/\(name)", "-o", "ndjson"], in: folder)
            #expect(outcome.status == 0 && outcome.objects.first?[field] != nil, "\(outcome.output) \(outcome.talk)")
            #expect(try await binary.run(["log", "dump", log + "/.lock"], in: folder).status == 64)
        }
    }
}
