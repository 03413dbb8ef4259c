import KafkaClient

extension SettingArgument {
    /// The properties of a file that an option of a console tool names.
    /// - Parameter path: `nil`: none.
    /// - Throws: a `Failure` if it cannot be read.
    static func file(_ path: String?, _ option: String) throws(Failure) -> [SettingArgument] {
        guard let path else { return [] }
        return PropertyFile.read(try OptionFile.text(at: path, option)).map { SettingArgument($0.name, $0.value) }
    }
}
