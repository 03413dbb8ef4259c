/// A size a person wrote: `40GB`, `64 MB`, `512MiB`, `1.5 GB`, or plain bytes.
///
/// kB, MB, GB and TB are powers of ten, KiB, MiB, GiB and TiB powers of two. Upper and lower case do not matter.
package struct ByteCount: Sendable, Hashable, CustomStringConvertible {
    package let bytes: Int64

    package init(bytes: Int64) { self.bytes = bytes }

    package init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).drop { $0 == " " }
        guard let scale = Self.units[unit.lowercased()] else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        // Three decimals are as many as anybody writes, and keep the arithmetic exact.
        guard let whole = parts.first, !whole.isEmpty, parts.count <= 2 else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || (1...3).contains(decimals.count), let digits = Int64(whole + decimals) else {
            return nil
        }
        let (scaled, overflow) = digits.multipliedReportingOverflow(by: scale)
        let divisor = decimals.reduce(into: Int64(1)) { power, _ in power *= 10 }
        guard !overflow, scaled % divisor == 0 else { return nil }
        bytes = scaled / divisor
    }

    package var description: String { "\(bytes) bytes" }

    private static let units: [String: Int64] = [
        "": 1, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]
}
