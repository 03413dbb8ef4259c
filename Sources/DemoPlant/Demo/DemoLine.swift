/// One line a second of figures.
struct DemoLine {
    let second: Int
    let captured: Int
    let capturedBefore: Int
    let loaded: Int
    /// From a COMMIT in the ERP until the MES shows it, as measured in this second; nil: not yet after that second.
    let milliseconds: Double?

    var text: String {
        let behind = milliseconds.map { $0 < 10 ? "\(Double(($0 * 10).rounded()) / 10)" : "\(Int($0.rounded()))" }
        return [
            Self.right("\(second)", 4) + " s",
            Self.right(Self.grouped(captured - capturedBefore), 7) + " changes/s",
            "captured" + Self.right(Self.grouped(captured), 9),
            "loaded" + Self.right(Self.grouped(loaded), 9),
            (behind ?? "over 900") + " ms behind",
        ].joined(separator: "   ")
    }

    static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        for place in stride(from: digits.count - 3, to: number < 0 ? 1 : 0, by: -3) { digits.insert(",", at: place) }
        return String(digits)
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
