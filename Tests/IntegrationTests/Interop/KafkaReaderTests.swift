import EdgeBrokerTesting
import Foundation
import Testing

@Suite("Kafka's own reader", .enabled(if: KafkaJava.isThere, KafkaJava.missing))
struct KafkaReaderTests {
    /// Segments in all; 1,000 are read by hand.
    private static let count =
        ProcessInfo.processInfo.environment["EDGEBROKER_TEST_SEGMENTS"].flatMap { Int($0) } ?? 200
    private static let seed = ProcessInfo.processInfo.environment["EDGEBROKER_TEST_SEED"].flatMap { Int($0) } ?? 1

    @Test(
        "finds the same batches, CRC verdicts and records as `log dump`, in its own segments and in ours, sound or not")
    func sameAsLogDump() async throws {
        try await withCommandLine { binary, folder in
            let files = try Self.segments(in: folder)
            let found = try KafkaJava.read(files.map(\.path), in: folder)
            #expect(found.files == files.count && files.count == Self.count)
            #expect(found.damaged > files.count / 4 && found.batches > 4 * found.damaged && found.records > 0)
            // Two at a time, because each is a process.
            try await withThrowingTaskGroup { group in
                for half in 0..<2 {
                    let mine = files.enumerated().filter { $0.offset % 2 == half }.map(\.element)
                    group.addTask {
                        for file in mine { try await Self.compare(file, binary, folder) }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private struct Segment {
        let path: String
        let isDamaged: Bool
    }

    /// Half of them by Kafka's classes, half by ours; a third is damaged.
    private static func segments(in folder: String) throws -> [Segment] {
        var random = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)))
        try KafkaJava.write(segments: count / 2, seed: seed, to: folder + "/theirs")
        let theirs = try (0..<(count / 2)).map { number in
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/theirs/\(number)")
            return "\(folder)/theirs/\(number)/\(try #require(names.first))"
        }
        let ours = try (0..<(count - count / 2)).map {
            try RandomSegment.write(to: "\(folder)/ours/\($0)", using: &random)
        }
        return try (theirs + ours).enumerated().map { number, path in
            let isDamaged = number % 3 == 2
            if isDamaged { try RandomSegment.damage(path, using: &random) }
            return Segment(path: path, isDamaged: isDamaged)
        }
    }

    private static func compare(_ segment: Segment, _ binary: CommandLineBinary, _ folder: String) async throws {
        for (kind, flags) in [("batches", []), ("records", ["--records"])] {
            let dump = try await binary.run(["log", "dump", segment.path, "-o", "ndjson"] + flags, in: folder)
            #expect(dump.status == (segment.isDamaged ? 2 : 0), "\(segment.path): \(dump.talk)")
            let theirs = try String(contentsOfFile: "\(segment.path).\(kind)", encoding: .utf8)
            if dump.output != theirs {
                let pair = zip(dump.output.split(separator: "\n"), theirs.split(separator: "\n")).first { $0 != $1 }
                Issue.record(
                    "seed \(seed), \(segment.path): we print \(pair?.0.prefix(400) ?? "another number of \(kind)"), Kafka \(pair?.1.prefix(400) ?? "")"
                )
            }
        }
    }
}
