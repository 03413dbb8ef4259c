import EdgeBroker
import KafkaClient

/// The settings that a topic is to have after changes, for a server that takes them only all together.
enum ChangedSettings {
    /// - Returns: those that are not at their default, in their order, then new ones.
    static func after(_ changes: [TopicSettingChange], of settings: [KafkaSetting]) -> [(key: String, value: String)] {
        var kept = settings.filter { !$0.isDefault && !$0.isReadOnly }.map { (key: $0.key, value: $0.value ?? "") }
        for change in changes {
            switch change {
            case .set(let key, let value):
                if let place = kept.firstIndex(where: { $0.key == key }) {
                    kept[place].value = value
                } else {
                    kept.append((key, value))
                }
            case .reset(let key): kept.removeAll { $0.key == key }
            }
        }
        return kept
    }
}
