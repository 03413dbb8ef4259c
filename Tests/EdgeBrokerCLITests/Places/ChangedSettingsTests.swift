import EdgeBroker
import KafkaClient
import Testing

@testable import EdgeBrokerCLI

@Suite("Settings that a server takes all together") struct ChangedSettingsTests {
    @Test("keep what was set before, but not defaults and what cannot be changed")
    func keeps() {
        func setting(_ key: String, _ value: String, isDefault: Bool = false, isReadOnly: Bool = false) -> KafkaSetting
        {
            KafkaSetting(key: key, value: value, isDefault: isDefault, isReadOnly: isReadOnly)
        }
        let now = [
            setting("a", "1"), setting("b", "2", isDefault: true), setting("c", "3"),
            setting("d", "4", isReadOnly: true),
        ]
        let after = ChangedSettings.after(
            [.set(key: "a", value: "9"), .reset(key: "c"), .set(key: "e", value: "5")], of: now)
        #expect(after.map { "\($0.key)=\($0.value)" } == ["a=9", "e=5"])
    }
}
