/// An expression as a tree.
indirect enum TopicPatternPart {
    case bytes(ByteSet)
    case begin
    case end
    case sequence([TopicPatternPart])
    case choice([TopicPatternPart])
    /// `most`: `nil`: any number.
    case repetition(TopicPatternPart, least: Int, most: Int?)
}

/// Reads an expression.
struct TopicPatternParser {
    private var rest: ArraySlice<UInt8>
    /// Groups within groups.
    private var depth = 0

    private static let deepest = 50
    /// Of one repetition, as with RE2.
    private static let mostRepetitions = 1000

    init(_ text: String) { rest = Array(text.utf8)[...] }

    mutating func parse() throws(TopicPattern.Mistake) -> TopicPatternPart {
        let part = try choice()
        if !rest.isEmpty { throw TopicPattern.Mistake("a group is closed that was not opened") }
        return part
    }

    private mutating func choice() throws(TopicPattern.Mistake) -> TopicPatternPart {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(TopicPattern.Mistake) -> TopicPatternPart {
        var parts: [TopicPatternPart] = []
        while let byte = rest.first, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            parts.append(try repeated(try atom()))
        }
        return .sequence(parts)
    }

    private mutating func atom() throws(TopicPattern.Mistake) -> TopicPatternPart {
        switch rest.removeFirst() {
        case UInt8(ascii: "."): return .bytes(.any)
        case UInt8(ascii: "^"): return .begin
        case UInt8(ascii: "$"): return .end
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return .bytes(try byteClass())
        case UInt8(ascii: "\\"): return .bytes(try escaped())
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw TopicPattern.Mistake("there is nothing that could be repeated")
        case let byte: return .bytes(ByteSet(byte...byte))
        }
    }

    private mutating func group() throws(TopicPattern.Mistake) -> TopicPatternPart {
        if take("?") {
            if take("P<") || take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { throw Self.unsupportedGroup }
                let name = rest[..<end]
                guard !name.isEmpty, name.allSatisfy(ByteSet.words.contains) else { throw Self.unsupportedGroup }
                rest = rest[(end + 1)...]
            } else if !take(":") {
                throw Self.unsupportedGroup
            }
        }
        depth += 1
        if depth > Self.deepest { throw TopicPattern.Mistake("its groups are nested more than \(Self.deepest) deep") }
        let part = try choice()
        depth -= 1
        if !take(")") { throw TopicPattern.Mistake("a group is not closed") }
        return part
    }

    private static let unsupportedGroup = TopicPattern.Mistake("flags and looking around are not understood here")

    private mutating func repeated(_ part: TopicPatternPart) throws(TopicPattern.Mistake) -> TopicPatternPart {
        let (least, most): (Int, Int?)
        if take("*") {
            (least, most) = (0, nil)
        } else if take("+") {
            (least, most) = (1, nil)
        } else if take("?") {
            (least, most) = (0, 1)
        } else if let bounds = try bounds() {
            (least, most) = bounds
        } else {
            return part
        }
        // Lazy: the same names match.
        _ = take("?")
        if let byte = rest.first, [UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?")].contains(byte) {
            throw TopicPattern.Mistake("a repetition is repeated")
        }
        return .repetition(part, least: least, most: most)
    }

    /// `{m}`, `{m,}` or `{m,n}`; anything else in braces is itself, as with RE2.
    private mutating func bounds() throws(TopicPattern.Mistake) -> (Int, Int?)? {
        let before = rest
        guard take("{"), let least = number() else {
            rest = before
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else {
            rest = before
            return nil
        }
        if least > Self.mostRepetitions || most.map({ $0 > Self.mostRepetitions || $0 < least }) ?? false {
            throw TopicPattern.Mistake("a repetition is not of 0 to \(Self.mostRepetitions), the smaller one first")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let byte = rest.first, ByteSet.digits.contains(byte) {
            // Beyond all limits it need not be right.
            value = min((value ?? 0) * 10 + Int(byte - 0x30), 1_000_000)
            rest.removeFirst()
        }
        return value
    }

    private mutating func byteClass() throws(TopicPattern.Mistake) -> ByteSet {
        let isInverted = take("^")
        var set = ByteSet()
        var isFirst = true
        while let byte = rest.first, isFirst || byte != UInt8(ascii: "]") {
            isFirst = false
            if rest.starts(with: Array("[:".utf8)) {
                throw TopicPattern.Mistake("classes by name are not understood here")
            }
            rest.removeFirst()
            if byte == UInt8(ascii: "\\"), let known = Self.named(rest.first) {
                rest.removeFirst()
                set.formUnion(known)
                continue
            }
            let low = byte == UInt8(ascii: "\\") ? try literal() : byte
            var high = low
            if rest.first == UInt8(ascii: "-"), let after = rest.dropFirst().first, after != UInt8(ascii: "]") {
                rest.removeFirst(2)
                high = after == UInt8(ascii: "\\") ? try literal() : after
            }
            if high < low { throw TopicPattern.Mistake("a range ends before it begins") }
            set.insert(low...high)
        }
        if !take("]") { throw TopicPattern.Mistake("a class is not closed") }
        return isInverted ? set.inverted : set
    }

    private mutating func escaped() throws(TopicPattern.Mistake) -> ByteSet {
        if let known = Self.named(rest.first) {
            rest.removeFirst()
            return known
        }
        let byte = try literal()
        return ByteSet(byte...byte)
    }

    private static func named(_ byte: UInt8?) -> ByteSet? {
        switch byte {
        case UInt8(ascii: "d"): .digits
        case UInt8(ascii: "D"): ByteSet.digits.inverted
        case UInt8(ascii: "w"): .words
        case UInt8(ascii: "W"): ByteSet.words.inverted
        case UInt8(ascii: "s"): .spaces
        case UInt8(ascii: "S"): ByteSet.spaces.inverted
        default: nil
        }
    }

    /// The sign behind a backslash. Letters and digits have meanings of their own there.
    private mutating func literal() throws(TopicPattern.Mistake) -> UInt8 {
        guard let byte = rest.first, byte < 0x80, byte == UInt8(ascii: "_") || !ByteSet.words.contains(byte) else {
            throw TopicPattern.Mistake("a backslash stands before something that is not understood here")
        }
        rest.removeFirst()
        return byte
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let found = text.withUTF8Buffer { rest.starts(with: $0) }
        if found { rest.removeFirst(text.utf8CodeUnitCount) }
        return found
    }
}
