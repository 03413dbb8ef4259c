import EdgeBroker
import LogStore
import Testing

@Suite("A topic's description in the catalogue")
struct CatalogueRecordTests {
    private static let id = "0102030405060708090a0b0c0d0e0f10"
    /// The defaults: delete, 7 days, no size; the broker's segment size, 7 days, 10 MiB of index; no lags, a day, 0.5; 5, 0, drop;
    /// 1 MiB + 12, create time.
    private static let defaults =
        "01" + "00000000240c8400" + "ffffffffffffffff" + "ffffffffffffffff" + "00000000240c8400" + "00a00000"
        + "0000000000000000" + "ffffffffffffffff" + "0000000005265c00" + "3fe0000000000000" + "05" + "0000000000000000"
        + "01" + "0010000c" + "00"
    private static let rich =
        "03" + "0000000000000001" + "0000000000000002" + "0000000000000403" + "0000000000000004" + "00000405"
        + "0000000000000006" + "0000000000000007" + "0000000000000008" + "3fd0000000000000" + "09" + "000000000000000a"
        + "00" + "00020000" + "01"

    private static var richMessages: TopicMessages {
        var messages = TopicMessages()
        messages.maxBytes = 131_072
        messages.timestamps = .logAppendTime
        return messages
    }

    private static var richKeeping: TopicKeeping {
        var keeping = TopicKeeping()
        keeping.cleanup = .compactAndDelete
        keeping.retention.age = .milliseconds(1)
        keeping.retention.bytes = 2
        keeping.segments.bytes = 0x403
        keeping.segments.age = .milliseconds(4)
        keeping.segments.indexBytes = 0x405
        keeping.compaction.minimumLag = .milliseconds(6)
        keeping.compaction.maximumLag = .milliseconds(7)
        keeping.compaction.tombstones = .milliseconds(8)
        keeping.compaction.dirtyRatio = 0.25
        keeping.disk.priority = 9
        keeping.disk.floorBytes = 10
        keeping.disk.whenFull = .block
        return keeping
    }

    private static let golden: [(TopicWriter, TopicKeeping, TopicMessages, String)] = [
        (
            .clients(.synced), TopicKeeping(), TopicMessages(),
            "0003\(id)00000003" + "00" + "0000000000000000" + defaults + "0000"
        ),
        (
            .clients(.buffered(syncEvery: .milliseconds(258))), richKeeping, richMessages,
            "0003\(id)00000003" + "01" + "0000000000000102" + rich + "0000"
        ),
        (
            .capture(slot: "mes"), TopicKeeping(), TopicMessages(),
            "0003\(id)00000003" + "02" + "0000000000000000" + defaults + "00036d6573"
        ),
        (
            .broker, TopicKeeping(), TopicMessages(),
            "0003\(id)00000003" + "03" + "0000000000000000" + defaults + "0000"
        ),
    ]

    @Test("has these bytes and comes back from them", arguments: golden)
    func bytes(writer: TopicWriter, keeping: TopicKeeping, messages: TopicMessages, hex: String) throws {
        let record = CatalogueRecord(
            topicID: try #require(Identifier(Array(1...16))), partitionCount: 3, writer: writer, keeping: keeping,
            messages: messages)
        let encoded = record.encoded
        #expect(encoded.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() == hex)
        #expect(CatalogueRecord(decoding: encoded) == record)
        for count in 0..<encoded.count { #expect(CatalogueRecord(decoding: Array(encoded[..<count])) == nil) }
        #expect(CatalogueRecord(decoding: encoded + [0]) == nil)
    }

    @Test(
        "of the first version is read as a topic that keeps everything",
        arguments: [
            ("0001\(id)000000030000", TopicWriter.clients(.synced)),
            ("0001\(id)0000000300036d6573", .capture(slot: "mes")),
        ])
    func firstVersion(hex: String, writer: TopicWriter) throws {
        let record = try #require(CatalogueRecord(decoding: Self.bytes(hex)))
        #expect(record.writer == writer && record.partitionCount == 3)
        #expect(record.keeping.cleanup == .delete && record.keeping.retention.age == nil)
        #expect(record.keeping.retention.bytes == nil && record.keeping.disk.whenFull == .block)
    }

    @Test("of the second version has the defaults for messages")
    func secondVersion() throws {
        let old = "0002\(Self.id)00000003" + "00" + "0000000000000000" + Self.defaults.dropLast(10) + "0000"
        let record = try #require(CatalogueRecord(decoding: Self.bytes(old)))
        #expect(record.messages == TopicMessages() && record.keeping == TopicKeeping())
    }

    @Test(
        "is refused with a field out of its range",
        arguments: [
            (22, [4]), (22, [1]), (22, [2]), (30, [1]), (31, [0]), (32, [0x80]), (40, [0xC0]),
            (48, [0, 0, 0, 0, 0, 0, 0, 1]),
            (56, [0, 0, 0, 0, 0, 0, 0, 0]), (64, [0, 0, 0, 1]), (68, [0x80]), (84, [0x80]), (92, [0x7F, 0xF8]),
            (92, [0xBF]),
            (100, [10]), (101, [0x80]), (109, [2]), (110, [0, 0, 3, 255]), (110, [0x80]), (114, [2]),
            (18, [0, 0, 0, 0]),
        ] as [(Int, [UInt8])])
    func outOfRange(at place: Int, bytes: [UInt8]) {
        var encoded = Self.bytes("0003\(Self.id)00000003" + "00" + "0000000000000000" + Self.defaults + "0000")
        #expect(CatalogueRecord(decoding: encoded) != nil)
        encoded.replaceSubrange(place..<(place + bytes.count), with: bytes)
        #expect(CatalogueRecord(decoding: encoded) == nil)
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
