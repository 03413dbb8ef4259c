import ArgumentParser

/// A `key=value` of the command line.
struct SettingArgument: ExpressibleByArgument, Equatable {
    let key: String
    let value: String

    init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "=") else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }

    /// - Throws: a `ValidationError` for anything but `true` and `false`.
    var flag: Bool {
        get throws(ValidationError) {
            switch value.lowercased() {
            case "true": return true
            case "false": return false
            default: throw ValidationError("\(key) is true or false.")
            }
        }
    }
}
