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
}
