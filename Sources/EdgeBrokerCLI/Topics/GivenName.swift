import ArgumentParser

/// The name of a topic or a group on the command line: anything but nothing. A server answers an empty one with words that explain nothing, such as
/// that its member is unknown; it comes of a variable of a script that is not set.
enum GivenName {
    @Sendable static func of(_ text: String) throws(ValidationError) -> String {
        if text.isEmpty { throw ValidationError("a name has at least one character.") }
        return text
    }
}
