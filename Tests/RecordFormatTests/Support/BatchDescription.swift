import Foundation
import RecordFormat

/// A batch as `Tests/Fixtures/record-batches/describe.py` prints it: what somebody else read in the same bytes.
struct BatchDescription: Decodable, Equatable {
    var baseOffset: Int64
    var leaderEpoch: Int32
    var crc: UInt32
    var attributes: Int16
    var lastOffsetDelta: Int32
    var baseTimestamp: Int64
    var maxTimestamp: Int64
    var producerID: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
    var recordCount: Int32
    var records: [RecordDescription]

    init(header: RecordBatchHeader, records: [StoredRecord]) {
        baseOffset = header.baseOffset.rawValue
        leaderEpoch = header.partitionLeaderEpoch
        crc = header.crc
        attributes = header.attributes.rawValue
        lastOffsetDelta = header.lastOffsetDelta
        baseTimestamp = header.baseTimestamp.millisecondsSince1970
        maxTimestamp = header.maxTimestamp.millisecondsSince1970
        producerID = header.producerID
        producerEpoch = header.producerEpoch
        baseSequence = header.baseSequence
        recordCount = header.recordCount
        self.records = records.map(RecordDescription.init)
    }

    init(decoding batch: [UInt8]) throws {
        let header = try batch.withUnsafeBytes { try RecordBatchHeader.validate($0) }
        self.init(header: header, records: try batch.withUnsafeBytes { try decodeRecords($0) })
    }
}

struct RecordDescription: Decodable, Equatable {
    var stored: StoredRecord

    init(_ stored: StoredRecord) { self.stored = stored }

    /// `[offset, timestamp, key, value, [[name, value], …]]`, with bytes in hexadecimal.
    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        let offset = Offset(try list.decode(Int64.self))
        let timestamp = Timestamp(millisecondsSince1970: try list.decode(Int64.self))
        let key = try list.decode(HexadecimalBytes?.self)?.bytes
        let value = try list.decode(HexadecimalBytes?.self)?.bytes
        var headers: [RecordHeader] = []
        var pairs = try list.nestedUnkeyedContainer()
        while !pairs.isAtEnd {
            var pair = try pairs.nestedUnkeyedContainer()
            let name = try pair.decode(String.self)
            headers.append(RecordHeader(key: name, value: try pair.decode(HexadecimalBytes?.self)?.bytes))
        }
        stored = StoredRecord(
            offset: offset, record: Record(key: key, value: value, headers: headers, timestamp: timestamp))
    }
}

struct HexadecimalBytes: Decodable {
    var bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let digits = text.compactMap(\.hexDigitValue)
        bytes = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
