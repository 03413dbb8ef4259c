/// A regular expression that names topics, as a subscription of the consumer protocol may: the part of RE2's syntax that topic names
/// need. A topic is meant when its whole name matches.
///
/// Matching never goes back: it follows all ways at once, so a name costs at most its length times the size of the expression
/// (Thompson). What is understood: characters, `.`, classes with ranges and negation, `\d \w \s` and their opposites, escaped signs, `^`,
/// `$`, groups (their names aside), `|`, `* + ?` and `{m,n}`, each also lazy, which changes nothing here.
package struct TopicPattern: Sendable {
    enum Instruction: Sendable {
        case bytes(ByteSet)
        case jump(Int)
        case either(Int, Int)
        case begin
        case end
        case match
    }

    /// As many steps as an expression may have, its repetitions written out: a bound for what a name costs.
    static let mostInstructions = 1000
    /// Bytes of an expression.
    static let longest = 1000

    let program: [Instruction]

    /// - Throws: what is wrong with the expression, or what of it is not understood.
    package init(_ text: String) throws(Mistake) {
        if text.utf8.count > Self.longest { throw Mistake("it is longer than \(Self.longest) bytes") }
        var parser = TopicPatternParser(text)
        var compiler = TopicPatternCompiler()
        try compiler.add(try parser.parse())
        program = compiler.program + [.match]
    }

    /// Why an expression is refused.
    package struct Mistake: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
        init(_ description: String) { self.description = description }
    }

    package func matches(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        var places = Places(count: program.count)
        follow(0, at: 0, of: bytes.count, into: &places)
        for (position, byte) in bytes.enumerated() {
            var next = Places(count: program.count)
            for place in places.inOrder {
                if case .bytes(let set) = program[place], set.contains(byte) {
                    follow(place + 1, at: position + 1, of: bytes.count, into: &next)
                }
            }
            if next.inOrder.isEmpty { return false }
            places = next
        }
        return places.contains(program.count - 1)
    }

    /// Where one may stand in the program.
    private struct Places {
        private(set) var inOrder: [Int] = []
        private var isThere: [Bool]

        init(count: Int) { isThere = Array(repeating: false, count: count) }

        func contains(_ place: Int) -> Bool { isThere[place] }

        mutating func insert(_ place: Int) -> Bool {
            if isThere[place] { return false }
            isThere[place] = true
            inOrder.append(place)
            return true
        }
    }

    /// Goes as far as no byte is needed.
    private func follow(_ start: Int, at position: Int, of end: Int, into places: inout Places) {
        var open = [start]
        while let place = open.popLast() {
            guard places.insert(place) else { continue }
            switch program[place] {
            case .bytes, .match: break
            case .jump(let target): open.append(target)
            case .either(let one, let other): open += [other, one]
            case .begin: if position == 0 { open.append(place + 1) }
            case .end: if position == end { open.append(place + 1) }
            }
        }
    }
}

/// Which bytes are meant. Topic names are ASCII, so one bit stands for all others.
struct ByteSet: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private var others = false

    init() {}

    init(_ ranges: ClosedRange<UInt8>...) { for range in ranges { insert(range) } }

    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range {
            switch byte {
            case ..<64: low |= 1 << UInt64(byte)
            case ..<128: high |= 1 << UInt64(byte - 64)
            default: others = true
            }
        }
    }

    mutating func formUnion(_ set: ByteSet) {
        low |= set.low
        high |= set.high
        others = others || set.others
    }

    var inverted: ByteSet {
        var set = ByteSet()
        (set.low, set.high, set.others) = (~low, ~high, !others)
        return set
    }

    func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<64: low >> UInt64(byte) & 1 == 1
        case ..<128: high >> UInt64(byte - 64) & 1 == 1
        default: others
        }
    }

    static let digits = ByteSet(0x30...0x39)
    static let words = ByteSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
    static let spaces = ByteSet(0x09...0x0A, 0x0C...0x0D, 0x20...0x20)
    static let any = ByteSet().inverted
}
