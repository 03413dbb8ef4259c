import ArgumentParser
import RecordFormat

/// kcat's way to say how a record is printed.
///
/// | token | stands for                                  | token | stands for                              |
/// |:------|:--------------------------------------------|:------|:----------------------------------------|
/// | `%s`  | value                                       | `%S`  | its length in bytes, -1 for null        |
/// | `%k`  | key                                         | `%K`  | its length in bytes, -1 for null        |
/// | `%t`  | topic                                       | `%p`  | partition                               |
/// | `%o`  | offset                                      | `%T`  | timestamp in ms, -1 if there is none    |
/// | `%h`  | headers: `name=value`, commas between them  | `%R`  | value's length, 4 bytes, big-endian     |
/// | `%%`  | `%`                                         | `\…`  | `\n` `\r` `\t` `\\` and `\xHH`, a byte  |
///
/// A null value or key prints nothing, a null header `NULL`. No line end is added.
struct FormatString: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case bytes([UInt8])
        case value, valueLength, valueLengthBytes, key, keyLength, topic, partition, offset, timestamp, headers
    }

    let parts: [Part]

    /// - Throws: a `ValidationError` that names a token that is none of these, or in which the text ends.
    init(_ text: String) throws(ValidationError) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let token = rest.popFirst() else { throw ValidationError("it ends with a lone %.") }
                if token == UInt8(ascii: "%") {
                    literal.append(token)
                    continue
                }
                guard let part = Self.part(token) else {
                    throw ValidationError(
                        "there is no %\(Character(Unicode.Scalar(token))); known are %t %p %o %T %k %K %s %S %R %h and %%."
                    )
                }
                if !literal.isEmpty { parts.append(.bytes(literal)) }
                literal = []
                parts.append(part)
            case UInt8(ascii: "\\"):
                guard let escaped = Self.escape(&rest) else {
                    throw ValidationError("a \\ stands at its end, or a \\x without two digits.")
                }
                literal.append(escaped)
            default: literal.append(byte)
            }
        }
        if !literal.isEmpty { parts.append(.bytes(literal)) }
        self.parts = parts
    }

    private static func part(_ token: UInt8) -> Part? {
        switch token {
        case UInt8(ascii: "s"): .value
        case UInt8(ascii: "S"): .valueLength
        case UInt8(ascii: "R"): .valueLengthBytes
        case UInt8(ascii: "k"): .key
        case UInt8(ascii: "K"): .keyLength
        case UInt8(ascii: "t"): .topic
        case UInt8(ascii: "p"): .partition
        case UInt8(ascii: "o"): .offset
        case UInt8(ascii: "T"): .timestamp
        case UInt8(ascii: "h"): .headers
        default: nil
        }
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        switch rest.popFirst() {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "x"):
            let digits = rest.prefix(2)
            guard digits.count == 2, let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return nil
            }
            rest.removeFirst(2)
            return byte
        case let other: return other
        }
    }

    func bytes(_ stored: StoredRecord, _ partition: TopicPartition) -> [UInt8] {
        let record = stored.record
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .bytes(let literal): bytes += literal
            case .value: bytes += record.value ?? []
            case .valueLength: bytes += "\(record.value?.count ?? -1)".utf8
            case .valueLengthBytes:
                withUnsafeBytes(of: Int32(clamping: record.value?.count ?? -1).bigEndian) { bytes += $0 }
            case .key: bytes += record.key ?? []
            case .keyLength: bytes += "\(record.key?.count ?? -1)".utf8
            case .topic: bytes += partition.topic.utf8
            case .partition: bytes += "\(partition.partition)".utf8
            case .offset: bytes += "\(stored.offset)".utf8
            case .timestamp: bytes += "\(record.timestamp.millisecondsSince1970)".utf8
            case .headers: bytes += Self.headers(record.headers)
            }
        }
        return bytes
    }

    private static func headers(_ headers: [RecordHeader]) -> [UInt8] {
        Array(headers.map { Array("\($0.key)=".utf8) + ($0.value ?? Array("NULL".utf8)) }.joined(separator: [0x2C]))
    }
}
