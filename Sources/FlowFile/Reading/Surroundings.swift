/// What a file may refer to outside of itself.
package struct Surroundings: Sendable {
    /// Why the text of a secret's file is not to be had. The path is in the message that quotes this, the content never.
    package struct SecretFileError: Error, Sendable {
        package let reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    package let environment: @Sendable (_ name: String) -> String?
    package let secretFile: @Sendable (_ path: String) throws(SecretFileError) -> String

    package init(
        environment: @escaping @Sendable (_ name: String) -> String?,
        secretFile: @escaping @Sendable (_ path: String) throws(SecretFileError) -> String
    ) {
        self.environment = environment
        self.secretFile = secretFile
    }
}
