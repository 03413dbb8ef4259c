import ArgumentParser

extension LineFormat {
    /// - Parameter properties: those of Kafka's line reader; the last one of a name counts.
    /// - Throws: a `ValidationError` for one that there is not, or that does not go with the others.
    init(_ properties: [SettingArgument]) throws(ValidationError) {
        self.init()
        endings = .any
        var syntax = Headers()
        var separator = Array("\t".utf8)
        var parsesKey = false
        var parsesHeaders = false
        for property in properties {
            switch property.key {
            case "parse.key": parsesKey = try property.flag
            case "parse.headers": parsesHeaders = try property.flag
            case "ignore.error": forgivesMistakes = try property.flag
            case "key.separator": separator = try property.separator
            case "headers.delimiter": syntax.delimiter = try property.separator
            case "headers.separator": syntax.separator = try property.separator
            case "headers.key.separator": syntax.keySeparator = try property.separator
            case "null.marker": nullMarker = Array(property.value.utf8)
            default:
                throw ValidationError(
                    "There is no property \(property.key) here; known are parse.key, key.separator, parse.headers, headers.delimiter, headers.separator, headers.key.separator, null.marker and ignore.error."
                )
            }
        }
        let all = [
            ("headers.delimiter", syntax.delimiter), ("headers.separator", syntax.separator),
            ("headers.key.separator", syntax.keySeparator),
        ]
        for (index, one) in all.enumerated() {
            for other in all[..<index] where other.1 == one.1 {
                throw ValidationError("\(other.0) and \(one.0) are the same; they must differ.")
            }
        }
        for (name, bytes) in all + [("key.separator", separator)] where bytes == nullMarker {
            throw ValidationError("null.marker and \(name) are the same; they must differ.")
        }
        keySeparator = parsesKey ? separator : nil
        headers = parsesHeaders ? syntax : nil
    }
}

extension SettingArgument {
    /// - Throws: a `ValidationError` if it is empty.
    fileprivate var separator: [UInt8] {
        get throws(ValidationError) {
            if value.isEmpty { throw ValidationError("\(key) needs at least one character.") }
            return Array(value.utf8)
        }
    }
}
