import Foundation
import FuzzTargets
import Testing

/// What libFuzzer starts from, and what it has found, in an ordinary build.
@Suite("The fuzz targets")
struct CorpusTests {
    private static let tests = URL(filePath: #filePath).appending(path: "../..").standardizedFileURL

    private static func inputs(_ folder: String, _ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
        let folder = tests.appending(path: folder).appending(path: target.name).standardizedFileURL
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
    }

    @Test(
        "begin with a corpus of which the format takes some, and their laws hold of all of it",
        arguments: FuzzTarget.all)
    func corpus(of target: FuzzTarget) throws {
        let inputs = try Self.inputs("../Fuzz/Corpus", target)
        var taken = 0
        for input in inputs where try target.check(input.bytes) { taken += 1 }
        #expect(taken > 0 && !inputs.isEmpty)
    }

    @Test("have their laws hold of every input that was found once", arguments: FuzzTarget.all)
    func found(by target: FuzzTarget) throws {
        for input in try Self.inputs("Fixtures/fuzz", target) {
            #expect(throws: Never.self, "\(target.name)/\(input.name)") { try target.check(input.bytes) }
        }
    }

    @Test("have their laws hold when a byte of a seed is changed, taken away or doubled", arguments: FuzzTarget.all)
    func neighbours(of target: FuzzTarget) throws {
        let seeds = target.seeds()
        for seed in seeds {
            for place in stride(from: 0, to: seed.bytes.count, by: max(1, seed.bytes.count * seeds.count / 100)) {
                for change in 0..<3 {
                    var bytes = seed.bytes
                    switch change {
                    case 0: bytes[place] ^= 0x80
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(bytes[place], at: place)
                    }
                    #expect(throws: Never.self, "\(seed.name), byte \(place), change \(change)") {
                        try target.check(bytes)
                    }
                }
            }
        }
    }
}
