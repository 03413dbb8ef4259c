import Foundation
import KafkaListener
import Testing

@Suite("docs/kafka-compatibility.md")
struct KafkaCompatibilityTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/kafka-compatibility.md").path

    @Test("lists the APIs and versions that are answered")
    func table() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(text.contains(KafkaCompatibility.table), "It is to have this table:\n\(KafkaCompatibility.table)")
    }
}
