/// JSON's grammar of numbers: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
enum JSONNumber {
    /// How many bytes at the start of `text` are one number; 0 if there is none.
    static func length(of text: UnsafeRawBufferPointer) -> Int {
        var at = 0
        if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
        let whole = digits(text, at)
        if whole == 0 || (whole > 1 && text[at] == UInt8(ascii: "0")) { return 0 }
        at += whole
        if at < text.count, text[at] == UInt8(ascii: ".") {
            let fraction = digits(text, at + 1)
            if fraction == 0 { return 0 }
            at += 1 + fraction
        }
        if at < text.count, text[at] == UInt8(ascii: "e") || text[at] == UInt8(ascii: "E") {
            var exponent = at + 1
            if exponent < text.count, text[exponent] == UInt8(ascii: "+") || text[exponent] == UInt8(ascii: "-") {
                exponent += 1
            }
            let count = digits(text, exponent)
            if count == 0 { return 0 }
            at = exponent + count
        }
        return at
    }

    /// Whether `text` is nothing but a whole number.
    static func isInteger(_ text: UnsafeRawBufferPointer) -> Bool {
        let sign = text.first == UInt8(ascii: "-") ? 1 : 0
        let count = digits(text, sign)
        return count > 0 && sign + count == text.count && (count == 1 || text[sign] != UInt8(ascii: "0"))
    }

    private static func digits(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        while at < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[at]) { at += 1 }
        return at - start
    }
}
