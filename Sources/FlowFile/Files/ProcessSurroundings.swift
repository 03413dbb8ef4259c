import Glibc

extension Surroundings {
    /// The environment and the files of this process.
    package static let process = Surroundings(
        environment: { name in getenv(name).map { String(cString: $0) } },
        secretFile: { path throws(SecretFileError) in
            let file: (bytes: [UInt8], mode: mode_t)
            do throws(SmallFile.Failure) {
                file = try SmallFile.read(path)
            } catch {
                throw SecretFileError("the secret's file cannot be read: \(error.reason)")
            }
            // As ssh treats a private key: a secret that others can read is none.
            guard file.mode & 0o066 == 0 else {
                throw SecretFileError("others may read or change this secret's file; run `chmod 600` on it")
            }
            guard let text = String(validating: file.bytes, as: UTF8.self), !text.utf8.contains(0) else {
                throw SecretFileError("the secret's file is not text")
            }
            return text
        })
}
