import Foundation
import KafkaWire
import Testing

@Suite("The golden messages", .enabled(if: KafkaJava.isThere, KafkaJava.missing))
struct KafkaWireGoldensTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/kafka-wire").standardizedFileURL
    /// Puts what Kafka's classes write in place of the fixtures, instead of comparing.
    private static let writes = ProcessInfo.processInfo.environment["EDGEBROKER_WRITE_GOLDENS"] == "1"

    @Test("are what Kafka's classes write for every API and version that we have a codec for")
    func upToDate() throws {
        let folder = NSTemporaryDirectory() + "edgebroker-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let target = Self.writes ? Self.fixtures.path : folder
        try KafkaJava.writeWireGoldens(
            of: SupportedAPIs.all.map { "\($0.key.name):\($0.versions.lowerBound)-\($0.versions.upperBound)" },
            to: target)
        let names = try FileManager.default.contentsOfDirectory(atPath: target)
            .filter { $0.hasSuffix(".jsonl") || $0.hasSuffix(".txt") }
        #expect(names.count == SupportedAPIs.all.count + 3)
        for name in names {
            let theirs = try Data(contentsOf: URL(filePath: target).appending(path: name))
            let ours = try Data(contentsOf: Self.fixtures.appending(path: name))
            #expect(theirs == ours, "\(name)")
        }
    }
}
