import ArgumentParser
import KafkaClient

/// What `kafka-console-producer` was asked for.
struct ConsoleWriting: Equatable {
    let topic: String
    /// What stands between key and value; `nil`: there are no keys.
    let separator: String?
    let client: ClientProperties

    /// - Parameter properties: those of Kafka's line reader.
    static func separator(_ properties: [SettingArgument]) throws -> String? {
        var parsesKey = false
        var separator = "\t"
        for property in properties {
            switch (property.key, property.value.lowercased()) {
            case ("parse.key", "true"): parsesKey = true
            case ("parse.key", "false"): parsesKey = false
            case ("parse.key", _): throw ValidationError("parse.key is true or false.")
            case ("key.separator", ""): throw ValidationError("key.separator needs at least one character.")
            case ("key.separator", _): separator = property.value
            default:
                throw ValidationError(
                    "There is no property \(property.key) here; known are parse.key and key.separator.")
            }
        }
        return parsesKey ? separator : nil
    }
}
