import Foundation

/// A JSON value as the tests look at it: scalars as the text that Postgres has for them.
enum JSONText: Decodable {
    case scalar(String?)
    case object([String: JSONText])
    /// Arrays, and numbers that are no integers: their text is not kept by the decoder.
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .scalar(nil)
        } else if let boolean = try? value.decode(Bool.self) {
            self = .scalar(boolean ? "t" : "f")
        } else if let number = try? value.decode(Int64.self) {
            self = .scalar(String(number))
        } else if let text = try? value.decode(String.self) {
            self = .scalar(text)
        } else if let object = try? value.decode([String: JSONText].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    static func object(_ json: [UInt8]) throws -> [String: JSONText] {
        try JSONDecoder().decode([String: JSONText].self, from: Data(json))
    }

    var text: String? { if case .scalar(let text) = self { text } else { nil } }

    /// The scalars of an object.
    var texts: [String: String?]? {
        guard case .object(let object) = self else { return nil }
        return object.compactMapValues { value -> String?? in
            if case .scalar(let text) = value { .some(text) } else { nil }
        }
    }
}
