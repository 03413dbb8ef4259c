import Foundation
import KafkaWire

/// A message as Kafka's own classes write it: see `Tests/Fixtures/kafka-wire/README.md`.
struct Golden: Decodable {
    enum Part: String, Decodable { case request, response }

    let part: Part
    let version: Int16
    let fill: String
    let bytes: String
    let fields: FieldTree

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/kafka-wire").standardizedFileURL

    static func read(_ name: String) throws -> [Golden] {
        try lines("\(name).jsonl").map { try JSONDecoder().decode(Golden.self, from: Data($0.utf8)) }
    }

    static func lines(_ file: String) throws -> [Substring] {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8).split(separator: "\n")
    }
}

/// The values of a message by the names of its fields.
enum FieldTree: Decodable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case list([FieldTree])
    case fields([String: FieldTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([FieldTree].self) {
            self = .list(value)
        } else {
            self = .fields(try container.decode([String: FieldTree].self))
        }
    }
}
