import Foundation

/// A file that an option names.
enum OptionFile {
    /// - Throws: a `Failure`; what the file holds is not repeated.
    static func text(at path: String, _ option: String) throws(Failure) -> String {
        do {
            return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        } catch {
            let isAbsent = !FileManager.default.fileExists(atPath: path)
            throw Failure(
                isAbsent ? .notFound : .inputOutput,
                "\(path) cannot be read\(isAbsent ? ": there is no such file" : ""). Check \(option).")
        }
    }
}
