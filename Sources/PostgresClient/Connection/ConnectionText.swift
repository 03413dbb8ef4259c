import CLibPQ

/// A libpq conninfo or URI, checked before libpq may complain about it: its own messages quote the text they cannot
/// read, and what it cannot read is most often the second half of a password.
struct ConnectionText {
    let text: String
    /// How many hosts the text names; they are tried one after the other.
    let hostCount: Int
    /// What must not appear in any message.
    private var secrets: [String]

    init(_ text: String) throws(PostgresError) {
        guard !text.utf8.contains(0) else {
            throw Self.malformed("has a NUL byte", "Take the byte out.")
        }
        if let rest = Self.afterScheme(text) { try Self.checkMarks(rest) }
        var words: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(text, &words)
        defer {
            PQfreemem(words)
            PQconninfoFree(options)
        }
        guard let options else {
            let said = words.map { String(cString: $0) } ?? ""
            throw Self.malformed(Self.complaint(said), Self.quotingRemedy)
        }
        let given = Self.values(options)
        // `postgresql://user:password` without a host reads the password as a port, and libpq would print it.
        if let port = given["port"], !port.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2C }) {
            throw Self.malformed("has a port that is no number", Self.quotingRemedy)
        }
        self.text = text
        hostCount = max(1, (given["host"] ?? given["hostaddr"] ?? "").split(separator: ",").count)
        secrets = ["password", "sslpassword"].compactMap { given[$0] }.filter { !$0.isEmpty }
    }

    /// Adds what libpq found elsewhere, in PGPASSWORD or a password file.
    mutating func alsoHide(_ secret: String) {
        if !secret.isEmpty { secrets.append(secret) }
    }

    /// `message` with every secret replaced by `***`.
    func scrub(_ message: String) -> String {
        secrets.sorted { $0.utf8.count > $1.utf8.count }.reduce(message) { text, secret in
            var result = ""
            var rest = text[...]
            while let range = rest.firstRange(of: secret) {
                result += rest[..<range.lowerBound] + "***"
                rest = rest[range.upperBound...]
            }
            return result + rest
        }
    }

    private static func afterScheme(_ text: String) -> Substring? {
        for scheme in ["postgresql://", "postgres://"] where text.hasPrefix(scheme) {
            return text.dropFirst(scheme.count)
        }
        return nil
    }

    /// libpq ends user and password at the first `@` before the first `/`. A second `@` before the parameters means that
    /// an unescaped password went on, and that libpq would take its rest for a host or a database.
    private static func checkMarks(_ rest: Substring) throws(PostgresError) {
        var place = rest
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
            place = rest[rest.index(after: end)...]
        }
        guard !place.prefix(while: { $0 != "?" }).contains("@") else {
            throw malformed("has an `@` where host or database should be", quotingRemedy)
        }
    }

    private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var result: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { result[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return result
    }

    /// Our words for libpq's, which end in a quotation.
    private static func complaint(_ words: String) -> String {
        let complaints = [
            ("missing \"=\"", "has a word without `=`"),
            ("invalid connection option", "names a parameter that libpq does not know"),
            ("invalid URI query parameter", "names a parameter that libpq does not know"),
            ("unterminated quoted string", "has a quote that is not closed"),
            ("invalid percent-encoded token", "has a `%` without two hexadecimal digits after it"),
            ("forbidden value %00", "has a `%00`"),
            ("missing key/value separator", "has a parameter without `=` after the `?`"),
            ("extra key/value separator", "has a parameter with two `=` after the `?`"),
            ("end of string reached when looking for matching", "has a `[` without `]` around its IPv6 address"),
            ("unexpected character", "has a wrong character after its host or port"),
        ]
        return complaints.first { words.hasPrefix($0.0) }?.1 ?? "cannot be read"
    }

    private static let quotingRemedy =
        "In a URI write `@ : / ? # %` of the password as %40 %3A %2F %3F %23 %25; in a conninfo put it in single quotes."

    private static func malformed(_ what: String, _ remedy: String) -> PostgresError {
        PostgresError(.malformedConnection, "The Postgres connection text \(what).", remedy: remedy)
    }
}
