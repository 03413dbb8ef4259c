/// A word of SQLite's SQL. Only what the rules of expressions need is told apart; SQLite itself is the parser.
struct SQLToken: Equatable {
    enum Kind: Equatable {
        case name
        /// In double quotes, back quotes or brackets.
        case quotedName
        case string
        /// A number or a blob literal.
        case literal
        case parameter
        /// Operators and punctuation.
        case symbol
    }

    let kind: Kind
    /// As written; without quotes if it has some.
    let text: String
    /// In UTF-8 bytes from the start of the expression.
    let offset: Int

    var lowercased: String { text.lowercased() }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
}

extension SQLToken {
    private static let symbols = ["->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "::"].map {
        Array($0.utf8)
    }

    /// Splits `sql`; comments and spaces are left out.
    /// - Throws: `.syntax` for a quote or a comment that does not end.
    static func split(_ sql: String) throws(ExpressionError) -> [SQLToken] {
        let bytes = Array(sql.utf8)
        var tokens: [SQLToken] = []
        var at = 0

        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func next(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

        while at < bytes.count {
            let start = at
            let byte = bytes[at]
            switch byte {
            case _ where isSpace(byte):
                at += 1
            case UInt8(ascii: "-") where next(at + 1) == byte:
                at = bytes[at...].firstIndex(of: 0x0a) ?? bytes.count
            case UInt8(ascii: "/") where next(at + 1) == UInt8(ascii: "*"):
                guard
                    let end = bytes.indices.dropFirst(at + 3).first(where: {
                        bytes[$0] == UInt8(ascii: "/") && bytes[$0 - 1] == UInt8(ascii: "*")
                    })
                else {
                    throw ExpressionError(
                        .syntax, "The comment does not end.", remedy: "Close it with */.", offset: start)
                }
                at = end + 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "["):
                let closing = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                var content: [UInt8] = []
                at += 1
                while true {
                    guard at < bytes.count else {
                        throw ExpressionError(
                            .syntax, "The quote that opens here does not close.",
                            remedy: "Close it; a quote inside a text is written twice.", offset: start)
                    }
                    if bytes[at] != closing {
                        content.append(bytes[at])
                        at += 1
                    } else if closing != UInt8(ascii: "]"), next(at + 1) == closing {
                        content.append(closing)
                        at += 2
                    } else {
                        at += 1
                        break
                    }
                }
                let kind: Kind = byte == UInt8(ascii: "'") ? .string : .quotedName
                tokens.append(SQLToken(kind: kind, text: String(decoding: content, as: UTF8.self), offset: start))
            case _ where isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(next(at + 1)):
                while isNamePart(next(at)) || next(at) == UInt8(ascii: ".") || isExponentSign(bytes, at) { at += 1 }
                tokens.append(SQLToken(kind: .literal, text: text(start..<at), offset: start))
            case _ where isNamePart(byte) && byte != UInt8(ascii: "$"):
                while isNamePart(next(at)) { at += 1 }
                tokens.append(SQLToken(kind: .name, text: text(start..<at), offset: start))
            default:
                let symbol = symbols.first { bytes[at...].starts(with: $0) }
                at += symbol?.count ?? 1
                let isParameter = symbol == nil && "?:@$#".utf8.contains(byte)
                while isParameter, isNamePart(next(at)) { at += 1 }
                tokens.append(
                    SQLToken(kind: isParameter ? .parameter : .symbol, text: text(start..<at), offset: start))
            }
        }
        return tokens
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isNamePart(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5a).contains(byte & ~0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }

    /// The sign in `1e-3`, but not the one in `0xe-3`.
    private static func isExponentSign(_ bytes: [UInt8], _ at: Int) -> Bool {
        at < bytes.count && (bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-"))
            && bytes[at - 1] & ~0x20 == UInt8(ascii: "E")
            && !bytes[..<at].reversed().prefix { isNamePart($0) || $0 == UInt8(ascii: ".") }
                .contains(where: { $0 & ~0x20 == UInt8(ascii: "X") })
    }
}
