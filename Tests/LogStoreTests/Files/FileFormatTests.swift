import Foundation
import LogStore
import RecordFormat
import Testing

@Suite("The log's own files")
struct FileFormatTests {
    private let id = Identifier(Array(1...16))

    @Test("a seal has these bytes, and one changed bit anywhere makes it none")
    func seal() throws {
        var seal = SegmentSeal(
            topicID: try #require(id), partition: 3, logChecksum: 0xDEAD_BEEF, baseOffset: Offset(0x1122),
            nextOffset: Offset(0x3344),
            logSize: 0x5566, smallestAppendTime: Timestamp(millisecondsSince1970: 7),
            largestAppendTime: Timestamp(millisecondsSince1970: 8))
        let start =
            "000200000102030405060708090a0b0c0d0e0f1000000003deadbeef00000000000011220000000000003344"
            + "000000000000556600000000000000070000000000000008"
        #expect(
            hex(seal.encoded) == "0db7b443" + start + "ffffffffffffffff0000000000000000"
                + String(repeating: "0", count: 24))
        #expect(SegmentSeal(decoding: seal.encoded) == seal)
        seal.indexes = SegmentSeal.Indexes(
            checksum: 0xC0FF_EE11, largestTimestamp: Timestamp(millisecondsSince1970: 9), hasProducers: false)
        seal.fingerprint = SegmentFingerprint(firstBatch: 0x0A0B_0C0D, lastBatch: 0x0E0F_1011, lastSize: 0x12)
        #expect(
            hex(seal.encoded) == "20260d4b" + start + "0000000000000009c0ffee1100000001" + "0a0b0c0d0e0f101100000012")
        #expect(SegmentSeal(decoding: seal.encoded) == seal)
        for bit in 0..<(seal.encoded.count * 8) {
            var bytes = seal.encoded
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(SegmentSeal(decoding: bytes) == nil)
        }
    }

    @Test("a seal of the first version has everything but what it knows of the indexes")
    func firstSeal() throws {
        let start =
            "000100000102030405060708090a0b0c0d0e0f1000000003deadbeef00000000000011220000000000003344"
            + "000000000000556600000000000000070000000000000008"
        let seal = try #require(SegmentSeal(decoding: try bytes("13874183" + start)))
        #expect(seal.logSize == 0x5566 && seal.largestAppendTime == Timestamp(millisecondsSince1970: 8))
        #expect(seal.indexes == nil)
    }

    @Test("a slot of synced-ends has these bytes, and one changed bit anywhere makes it none")
    func syncedEnd() throws {
        let mark = SyncedEnd(
            sequence: 9, topicID: try #require(id), partition: 2, logChecksum: 0xCAFE_F00D, segmentBase: Offset(0x10),
            syncedLength: 0x2000, syncedOffset: Offset(0x30), lastAppendTime: Timestamp(millisecondsSince1970: 0x40),
            leaderEpoch: 5, topicChecksum: 0x1314_AABB, logStart: Offset(7),
            firstAppendTime: Timestamp(millisecondsSince1970: 0x41),
            fingerprint: SegmentFingerprint(firstBatch: 0x0A0B_0C0D, lastBatch: 0x0E0F_1011, lastSize: 0x12))
        #expect(
            hex(mark.encoded)
                == "baa3cc4c0000000100000000000000090102030405060708090a0b0c0d0e0f1000000002cafef00d0000000000000010"
                + "000000000000200000000000000000300000000000000040000000051314aabb00000000000000070000000000000041"
                + "0a0b0c0d0e0f1011000000120000000000000000000000000000000000000000")
        #expect(SyncedEnd(decoding: mark.encoded[...]) == mark)
        for bit in 0..<(mark.encoded.count * 8) {
            var bytes = mark.encoded
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(SyncedEnd(decoding: bytes[...]) == nil)
        }
    }

    @Test("a slot of an older release has the first leader epoch, starts at 0, and knows no fingerprint and no name")
    func olderSyncedEnd() throws {
        let old =
            "846072470000000100000000000000090102030405060708090a0b0c0d0e0f1000000002cafef00d0000000000000010"
            + "000000000000200000000000000000300000000000000040" + String(repeating: "0", count: 112)
        let mark = try #require(SyncedEnd(decoding: try bytes(old)[...]))
        #expect(mark.syncedOffset == Offset(0x30) && mark.leaderEpoch == 0 && mark.logStart == .zero)
        #expect(mark.fingerprint == nil && mark.topicChecksum == nil)
    }

    @Test("a new log and a new topic have these files")
    func wholeFiles() throws {
        let plant = try TemporaryLog()
        try plant.append(["a"], to: try plant.createTopic("orders"))
        plant.log.close()
        func file(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: plant.path + "/" + name)))
        }
        let log = "AAAAAAAAAAIAAAAAAAAAAw"
        let topic = "AAAAAAAAAE4AAAAAAAAATw"
        #expect(
            String(decoding: try file("meta.properties"), as: UTF8.self)
                == "version=1\ncluster.id=\(log)\nnode.id=1\nedgebroker.format=1\n")
        #expect(
            String(decoding: try file("orders-0/partition.metadata"), as: UTF8.self)
                == "version: 0\ntopic_id: \(topic)\n")
        let ends = try file(SyncedEndsFile.fileName)
        #expect(hex(Array(ends[..<32])) == "454253594e4345440000000100000000000000020000000000000003337e8393")
        #expect(ends[32..<4096].allSatisfy { $0 == 0 })
        // Slot 0: the end of the only batch, at first in both generations.
        let marks = [4096, 8192].filter { $0 + 128 <= ends.count }.compactMap {
            SyncedEnd(decoding: ends[$0..<($0 + 128)])
        }
        #expect(marks.map(\.syncedOffset) == [Offset(1), Offset(1)] && marks[0] == marks[1])
    }

    @Test("a mark that the end of synced-ends cuts within its zeros counts at once, not only when the file has grown")
    func cutMark() throws {
        let plant = try TemporaryLog()
        try plant.append(["a"], to: try plant.createTopic("orders"))
        plant.log.close()
        let file = try FileHandle(
            forUpdating: URL(fileURLWithPath: plant.path + "/" + SyncedEndsFile.fileName))
        try file.truncate(atOffset: 4096 + 110)
        try file.close()
        try plant.reopen()
        #expect(plant.log.recovery.scannedBytes == 0)
        #expect(try plant.partition("orders").syncedEnd == Offset(1))
    }

    @Test("an identifier reads as it was written, in 22 characters of base64url")
    func identifier() throws {
        let id = try #require(id)
        #expect(id.description == "AQIDBAUGBwgJCgsMDQ4PEA")
        #expect(Identifier("AQIDBAUGBwgJCgsMDQ4PEA") == id)
        #expect(Identifier("AQIDBAUGBwgJCgsMDQ4PE") == nil)
        #expect(Identifier("AQIDBAUGBwgJCgsMDQ4P!A") == nil)
    }
}
