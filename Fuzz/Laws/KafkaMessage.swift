import Foundation
import KafkaWire

/// A message as Kafka's own classes write it, out of `Tests/Fixtures/kafka-wire`: every field filled, so that a fuzzer need not
/// find out how an array begins.
struct KafkaMessage: Decodable {
    enum Part: String, Decodable { case request, response }

    private let part: Part
    private let version: Int16
    private let fill: String
    private let bytes: String

    private static let folder = URL(filePath: #filePath)
        .appending(path: "../../../Tests/Fixtures/kafka-wire").standardizedFileURL

    /// Each API's oldest and newest version.
    static func seeds(_ part: Part) -> [FuzzTarget.Seed] {
        SupportedAPIs.all.flatMap { api in
            Set([api.versions.lowerBound, api.versions.upperBound]).sorted().map { version in
                guard let message = full(api.key, part, version) else {
                    preconditionFailure("\(folder.path) has no full \(part) of \(api.key.name) in version \(version)")
                }
                return FuzzTarget.Seed("\(api.key.name)-\(version)", head(of: part, api, version) + message)
            }
        }
    }

    private static func head(of part: Part, _ api: any WireAPI.Type, _ version: Int16) -> [UInt8] {
        let names = [0, UInt8(api.key.rawValue), 0, UInt8(version)]
        guard part == .request else { return names }
        // A correlation id, no client id, and no tagged field.
        return names + [0, 0, 0, 7, 0xff, 0xff] + (api.isFlexible(version) ? [0] : [])
    }

    private static func full(_ key: ApiKey, _ part: Part, _ version: Int16) -> [UInt8]? {
        guard let text = try? String(contentsOf: folder.appending(path: "\(key.name).jsonl"), encoding: .utf8) else {
            return nil
        }
        let messages = text.split(separator: "\n").lazy.compactMap {
            try? JSONDecoder().decode(KafkaMessage.self, from: Data($0.utf8))
        }
        return messages.first { $0.part == part && $0.version == version && $0.fill == "full" }?.decoded
    }

    private var decoded: [UInt8]? {
        let digits = bytes.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == bytes.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
