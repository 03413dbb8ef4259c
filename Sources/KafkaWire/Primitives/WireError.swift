/// Bytes that are not the message they should be, or a message that has no bytes: what is wrong, and where.
package struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Defect: Equatable, Sendable {
        /// The field needs more bytes than there are.
        case endsEarly(needed: Int, left: Int)
        /// An unsigned varint of more than 32 bits.
        case varintTooLarge
        /// A length or count below -1.
        case negativeLength(Int)
        /// A string, byte array or frame that is longer than its type or our limit allows.
        case tooLong(Int, limit: Int)
        /// An array whose elements cannot fit into the bytes that are left.
        case tooManyElements(Int, bytesLeft: Int)
        /// The message has more array elements than ``WireLimits/elements``.
        case elementLimit
        /// Null where the version knows no null.
        case null
        /// The byte in front of a structure is neither -1 (null) nor 1.
        case nullMarker(Int8)
        case invalidUTF8
        /// A tag that does not exceed the one before it.
        case tagOrder(UInt32)
        /// A tagged field of another size than the one it gives.
        case tagSize(Int)
        case bytesLeft(Int)
        case frameLength(Int)
        case unknownKey(Int16)
        case unsupportedVersion(Int16)
    }

    /// The part of a frame that was being read or written.
    package enum Part: String, Sendable {
        case frame
        case requestHeader = "request header"
        case responseHeader = "response header"
        case request
        case response
    }

    package let defect: Defect
    /// The byte at which the field begins, counted from the start of the frame, its length not included.
    package let position: Int
    package internal(set) var part = Part.frame
    package internal(set) var key: ApiKey?
    package internal(set) var version: Int16?

    init(_ defect: Defect, at position: Int) {
        self.defect = defect
        self.position = position
    }

    /// The same, seen from where the message is known.
    func within(_ part: Part, of key: ApiKey? = nil, version: Int16? = nil) -> WireError {
        var error = self
        error.part = part
        error.key = key
        error.version = version
        return error
    }

    package var message: String {
        let name = [key?.name, part.rawValue, version.map { "v\($0)" }].compactMap { $0 }.joined(separator: " ")
        return "\(name), byte \(position): \(text)."
    }

    private var text: String {
        switch defect {
        case .endsEarly(let needed, let left): "\(needed) bytes are needed, \(left) are left"
        case .varintTooLarge: "a varint has more than 32 bits"
        case .negativeLength(let length): "a length of \(length)"
        case .tooLong(let length, let limit): "\(length) bytes are more than \(limit)"
        case .tooManyElements(let count, let left): "\(count) elements do not fit into \(left) bytes"
        case .elementLimit: "more array elements than a message may have"
        case .null: "null is not allowed here"
        case .nullMarker(let marker): "\(marker) tells neither null nor a structure"
        case .invalidUTF8: "a string is not UTF-8"
        case .tagOrder(let tag): "tag \(tag) is out of order"
        case .tagSize(let size): "a tagged field does not have the \(size) bytes it claims"
        case .bytesLeft(let count): "\(count) bytes follow the end"
        case .frameLength(let length): "a frame cannot have length \(length)"
        case .unknownKey(let key): "API key \(key) is not offered"
        case .unsupportedVersion(let version): "version \(version) is not offered"
        }
    }

    package var remedy: String {
        switch defect {
        case .unknownKey, .unsupportedVersion:
            "Clients ask for ApiVersions first and keep to its answer: update this one, or configure it to."
        case .tooLong, .elementLimit: "Send less at a time, or raise the limit."
        default: "Whoever sent this does not speak Kafka's protocol as it is: name the client's version in a report."
        }
    }

    package var description: String { "\(message) \(remedy)" }
}
