import ArgumentParser
import KafkaClient

/// Properties of the client on a tool's command line: those that have a meaning for the tool itself, and the others in librdkafka's words.
struct ConsoleProperties: Equatable {
    private(set) var group: String?
    private(set) var start: ConsumeStart?
    private(set) var others = ClientProperties()

    init(_ properties: [SettingArgument]) throws {
        for property in properties {
            switch property.key {
            case "group.id":
                if property.value.isEmpty { throw ValidationError("group.id needs at least one character.") }
                group = property.value
            case "auto.offset.reset":
                guard let place = ["earliest": ConsumeStart.earliest, "latest": .latest][property.value] else {
                    throw ValidationError("auto.offset.reset is earliest or latest.")
                }
                start = place
            default:
                let java = try JavaProperties([ClientProperties.Property(property.key, property.value)])
                others = others.with(java.properties)
            }
        }
    }
}
