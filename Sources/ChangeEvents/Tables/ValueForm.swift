/// The form that values of a column take in an event, and the little that a loader must know about them beyond their text.
package indirect enum ValueForm: Sendable, Hashable {
    /// `true` and `false`.
    case boolean
    /// A JSON number without fraction or exponent, of any length.
    case integer
    /// A JSON number; `NaN`, `Infinity` and `-Infinity` are text.
    case float
    /// numeric and money: their digits as text, so that `12.500` stays `12.500`.
    case decimal
    /// Character types.
    case character
    /// Dates, times, timestamps, intervals: Postgres' ISO text.
    case temporal
    /// json and jsonb, nested as they came. A json `null` and an SQL NULL are the same here.
    case json
    /// bytea: base64.
    case bytes
    /// An object of texts and nulls.
    case hstore
    /// Everything else, in its exact Postgres text: uuid, enums, ranges, network and geometric types, what nobody knows.
    case exact
    /// A JSON array of the element's form, nested once per dimension; lower bounds other than 1 are not kept.
    /// The delimiter is what stands between elements in Postgres' text: a comma for all types but box.
    case array(ValueForm, delimiter: UInt8)
}

extension ValueForm: CustomStringConvertible {
    private static let names: [(form: ValueForm, name: String)] = [
        (.boolean, "boolean"), (.integer, "integer"), (.float, "float"), (.decimal, "decimal"),
        (.character, "character"),
        (.temporal, "temporal"), (.json, "json"), (.bytes, "bytes"), (.hstore, "hstore"), (.exact, "exact"),
    ]
    /// Arrays of domains over arrays over domains: nobody nests them deeper than this.
    static let maximumDepth = 8

    /// `decimal`, and for arrays the element's name with its delimiter: `decimal[,]`.
    package var description: String {
        switch self {
        case .array(let element, let delimiter): "\(element)[\(Character(Unicode.Scalar(delimiter)))]"
        default: Self.names.first { $0.form == self }?.name ?? "exact"
        }
    }

    /// - Returns: `nil` for what ``description`` never writes.
    package init?(_ text: String) { self.init(Array(text.utf8)[...], depth: 0) }

    private init?(_ text: ArraySlice<UInt8>, depth: Int) {
        if text.last == UInt8(ascii: "]") {
            let inner = text.dropLast()
            guard depth < Self.maximumDepth, let delimiter = inner.last, delimiter > 0x20, delimiter < 0x7f,
                inner.dropLast().last == UInt8(ascii: "["), let element = Self(inner.dropLast(2), depth: depth + 1)
            else { return nil }
            self = .array(element, delimiter: delimiter)
        } else {
            guard let known = Self.names.first(where: { text.elementsEqual($0.name.utf8) }) else { return nil }
            self = known.form
        }
    }
}
