import ArgumentParser

extension ConsoleLayout {
    /// - Parameter properties: those of Kafka's default formatter.
    init(_ properties: [SettingArgument]) throws {
        self.init()
        for property in properties {
            let bytes = Array(property.value.utf8)
            switch property.key {
            case "print.timestamp": printsTimestamp = try Self.flag(property)
            case "print.partition": printsPartition = try Self.flag(property)
            case "print.offset": printsOffset = try Self.flag(property)
            case "print.headers": printsHeaders = try Self.flag(property)
            case "print.key": printsKey = try Self.flag(property)
            case "print.value": printsValue = try Self.flag(property)
            case "key.separator": keySeparator = bytes
            case "line.separator": lineSeparator = bytes
            case "headers.separator": headersSeparator = bytes
            case "null.literal": nullLiteral = bytes
            case "key.deserializer", "value.deserializer":
                // Bytes are printed as they are, as these do.
                guard ["StringDeserializer", "ByteArrayDeserializer"].contains(where: property.value.hasSuffix) else {
                    throw ValidationError(
                        "\(property.key) can only be of strings; keys and values are printed as they are.")
                }
            default:
                throw ValidationError(
                    "There is no property \(property.key) here; known are print.timestamp, print.partition, print.offset, print.headers, print.key, print.value, key.separator, line.separator, headers.separator and null.literal."
                )
            }
        }
    }

    private static func flag(_ property: SettingArgument) throws -> Bool {
        switch property.value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw ValidationError("\(property.key) is true or false.")
        }
    }
}
