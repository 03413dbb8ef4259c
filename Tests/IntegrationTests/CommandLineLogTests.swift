import Foundation
import Testing

@Suite("log verify") struct CommandLineLogTests {
    private func written(_ binary: CommandLineBinary, _ folder: String) async throws -> (log: String, acks: String) {
        let log = folder + "/log"
        let outcome = try await binary.run(
            [
                "bench", "write", "--data-dir", log, "--topic", "t", "--partitions", "2", "--records", "500",
                "--value-size", "100",
                "--batch-records", "10", "--producers", "5", "--segment-bytes", "8192", "--print-acks",
            ], in: folder)
        #expect(outcome.status == 0)
        let acks = outcome.lines.filter { $0.hasPrefix("ACK ") }
        #expect(acks.count == 500)
        let figures = try #require(outcome.objects.last)
        #expect(figures["records"] as? Int == 500)
        let syncs = try #require(figures["sync_calls"] as? Int)
        #expect(syncs > 0)
        #expect(
            ["seconds", "records_per_second", "mb_per_second", "cpu_seconds", "p50_us", "p99_us"].allSatisfy {
                figures[$0] is Double
            })
        let file = folder + "/acks"
        try Data((acks.joined(separator: "\n") + "\nACK t 0 7").utf8).write(to: URL(fileURLWithPath: file))
        return (log, file)
    }

    @Test("finds every acknowledged record, and says which are not there")
    func acknowledged() async throws {
        try await withCommandLine { binary, folder in
            let (log, acks) = try await written(binary, folder)
            let sound = try await binary.run(["log", "verify", log, "--acks", acks], in: folder)
            #expect(sound.status == 0 && sound.output.hasPrefix("sound: "))

            let lie =
                try String(contentsOfFile: acks, encoding: .utf8)
                + "\nACK t 1 3 00000000\nACK t 0 999999 01234567\nACK u 0 0 -\n"
            try Data(lie.utf8).write(to: URL(fileURLWithPath: acks))
            let unsound = try await binary.run(["log", "verify", log, "--acks", acks], in: folder)
            #expect(unsound.status == 1)
            #expect(
                unsound.lines.dropLast() == [
                    "LOST t 0 999999: no damage explains it", "DIFFERENT t 1 3: no damage explains it",
                    "DIFFERENT t 1 3: no damage explains it", "LOST u 0 0: no damage explains it",
                ])
        }
    }

    @Test("dump shows all segments of a partition's folder in order, and says what else to name")
    func dumpsFolder() async throws {
        try await withCommandLine { binary, folder in
            let log = try await written(binary, folder).log
            let dumped = try await binary.run(["log", "dump", log + "/t-1", "--records", "-o", "ndjson"], in: folder)
            #expect(dumped.status == 0 && dumped.objects.map { $0["offset"] as? Int } == Array(0..<250))
            let files = dumped.objects.compactMap { $0["file"] as? String }
            #expect(Set(files).count > 1 && files == files.sorted() && files.first == "00000000000000000000.log")
            let document = try await binary.run(["log", "dump", log + "/t-1", "-o", "json"], in: folder)
            let rows = try JSONSerialization.jsonObject(with: Data(document.output.utf8)) as? [[String: Any]]
            #expect(rows?.count == 25 && document.lines.count == 1)
            let table = try await binary.run(["log", "dump", log + "/t-1/"], in: folder)
            #expect(table.lines.first == "00000000000000000000.log")
            #expect(table.lines.dropFirst().first?.hasPrefix("BASE OFFSET") == true)

            let whole = try await binary.run(["log", "dump", log], in: folder)
            #expect(whole.status == 64 && whole.output.isEmpty)
            #expect(
                whole.talk.contains("is a whole data directory. Name a partition's folder in it, such as \(log)/"),
                "\(whole.talk)")
            let other = try await binary.run(["log", "dump", folder], in: folder)
            #expect(other.status == 64 && other.talk.contains("has no segment (.log). Name"), "\(other.talk)")
        }
    }

    @Test("says of a folder without a log that there is nothing to verify, and does not praise it")
    func noLog() async throws {
        try await withCommandLine { binary, folder in
            let empty = folder + "/empty"
            try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
            for (path, note) in [(folder + "/none", "does not exist"), (empty, "holds no log yet")] {
                let outcome = try await binary.run(["log", "verify", path], in: folder)
                #expect(outcome.status == 0 && outcome.output.hasPrefix("nothing to verify: 0 partitions"))
                #expect(outcome.talk == "note: \(path) \(note).\n")
            }
        }
    }

    @Test("of a folder that is not there holds it against what was acknowledged in it")
    func absent() async throws {
        try await withCommandLine { binary, folder in
            try Data("ACK t 0".utf8).write(to: URL(fileURLWithPath: folder + "/acks"))
            let nothing = try await binary.run(
                ["log", "verify", folder + "/none", "--acks", folder + "/acks"], in: folder)
            #expect(nothing.status == 0 && nothing.talk.contains("does not exist"))
            try Data("ACK t 0 0 -\n".utf8).write(to: URL(fileURLWithPath: folder + "/acks"))
            let lost = try await binary.run(
                ["log", "verify", folder + "/none", "--acks", folder + "/acks"], in: folder)
            #expect(lost.status == 1)
            #expect(try await binary.run(["log", "verify", folder, "--acks", folder + "/no"], in: folder).status == 3)
        }
    }

    @Test("names the file and the offsets of one flipped byte, which explains what is lost; reading goes on behind it")
    func flipped() async throws {
        try await withCommandLine { binary, folder in
            let (log, acks) = try await written(binary, folder)
            let segment = log + "/t-0/00000000000000000000.log"
            #expect(FileManager.default.fileExists(atPath: segment.replacing(".log", with: ".seal")))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: segment))
            bytes[100] ^= 1
            try bytes.write(to: URL(fileURLWithPath: segment))

            let verified = try await binary.run(["log", "verify", log, "--acks", acks], in: folder)
            #expect(verified.status == 2)
            #expect(verified.lines.first?.hasPrefix("DAMAGE \(segment) offsets 0..9 byte 0: ") == true)
            #expect(verified.lines.count { $0.hasPrefix("LOST t 0 ") && $0.hasSuffix("explained by damage") } == 10)

            let read = try await binary.run(
                ["topic", "consume", "t", "--partition", "0", "--exit-at-end", "-o", "ndjson", "--data-dir", log],
                in: folder)
            #expect(read.status == 2 && read.talk.contains("t-0: offsets 0..9 are damaged"))
            #expect(read.objects.first?["offset"] as? Int == 10 && read.objects.count == 240)

            let dumped = try await binary.run(["log", "dump", segment, "-o", "ndjson"], in: folder)
            #expect(dumped.status == 2 && dumped.talk.hasPrefix("byte 0: "))
            #expect(
                dumped.objects.map { $0["crc"] as? String } == ["bad"] + dumped.objects.dropFirst().map { _ in "good" })
            #expect(dumped.objects.dropFirst().first?["base_offset"] as? Int == 10)
        }
    }
}
