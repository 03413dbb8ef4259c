import Foundation

/// One of the batches that a real Kafka client has encoded; see the README beside them.
struct GoldenBatch {
    let bytes: [UInt8]
    let description: BatchDescription

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/record-batches").standardizedFileURL

    init(_ name: String) throws {
        bytes = Array(try Data(contentsOf: Self.folder.appending(path: "\(name).batch")))
        let json = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
        description = try JSONDecoder().decode(BatchDescription.self, from: json)
    }
}
