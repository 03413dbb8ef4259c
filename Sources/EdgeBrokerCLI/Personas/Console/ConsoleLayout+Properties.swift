import ArgumentParser

extension ConsoleLayout {
    /// - Parameter properties: those of Kafka's default formatter.
    init(_ properties: [SettingArgument]) throws {
        self.init()
        for property in properties {
            let bytes = Array(property.value.utf8)
            switch property.key {
            case "print.timestamp": printsTimestamp = try property.flag
            case "print.partition": printsPartition = try property.flag
            case "print.offset": printsOffset = try property.flag
            case "print.headers": printsHeaders = try property.flag
            case "print.key": printsKey = try property.flag
            case "print.value": printsValue = try property.flag
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
}
