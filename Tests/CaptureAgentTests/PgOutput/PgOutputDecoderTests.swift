import CaptureAgent
import ChangeEvents
import RecordFormat
import Testing

@Suite("A pgoutput message")
struct PgOutputDecoderTests {
    private static func decode(_ bytes: [UInt8]) throws -> PgOutputMessage {
        try bytes.withUnsafeBytes { try PgOutputMessage(decoding: $0) }
    }

    @Test("is read as the server wrote it")
    func decodes() throws {
        #expect(
            try Self.decode(Recorded.insert[0])
                == .begin(
                    .init(
                        commitLSN: LSN(0x1532c18), commitTime: 848_889_136_379_373 + 946_684_800_000_000,
                        transactionID: 731)))
        #expect(
            try Self.decode(Recorded.insert[3]) == .commit(.init(commitLSN: LSN(0x1532c18), endLSN: LSN(0x1532c48))))
        #expect(
            try Self.decode(Recorded.itemsRelation)
                == .relation(
                    .init(
                        oid: 16391, table: TableName(schema: "erp", name: "items"), identity: .default,
                        columns: [
                            .init(name: "item_no", type: 1043, typeModifier: 24, isIdentity: true),
                            .init(name: "weight", type: 1700, typeModifier: 786_439, isIdentity: false),
                            .init(name: "spec", type: 25, typeModifier: -1, isIdentity: false),
                            .init(name: "state", type: 16386, typeModifier: -1, isIdentity: false),
                        ])))
        #expect(
            try Self.decode(Recorded.insert[2])
                == .insert(
                    relation: 16391,
                    new: TextTuple([.text(start: 13, count: 1), .null, .text(start: 20, count: 2), .null])))
        #expect(
            try Self.decode(Recorded.keyChange[1])
                == .update(
                    relation: 16391, old: .key(TextTuple([.text(start: 13, count: 1), .null, .null, .null])),
                    new: TextTuple([
                        .text(start: 25, count: 1), .text(start: 31, count: 5), .unchanged, .text(start: 42, count: 4),
                    ])))
        #expect(
            try Self.decode(Recorded.full[4])
                == .delete(
                    relation: 16398, old: .full(TextTuple([.text(start: 13, count: 1), .text(start: 19, count: 1)]))))
        #expect(try Self.decode(Recorded.truncate[4]) == .truncate(relations: [16391, 16398]))
        #expect(
            try Self.decode(Recorded.messageOutside)
                == .message(.init(isTransactional: false, lsn: LSN(0x1534670), prefix: "line", content: 19..<21)))
        #expect(try Self.decode(Recorded.origin) == .origin)
        #expect(try Self.decode(Recorded.stateType) == .type)
    }

    @Test("cut anywhere, or with a byte too many, is refused", arguments: Recorded.all)
    func refusesOtherLengths(bytes: [UInt8]) {
        for length in bytes.indices where (try? Self.decode(Array(bytes[..<length]))) != nil {
            Issue.record("\(length) of \(bytes.count) bytes were accepted")
        }
        #expect(throws: PgOutputFault.self) { try Self.decode(bytes + [0]) }
    }

    @Test(
        "that claims what cannot be is refused",
        arguments: [
            // An unknown kind, a binary value, a length below zero and beyond the end.
            "5a00", "49000040074e00016200000001ff", "49000040074e000174ffffffff", "49000040074e0001747fffffff41",
            // 65,535 columns, a missing N, neither K nor O, truncated tables without end.
            "49000040074effff", "49000040074f0000", "44000040074e0000", "547fffffff00",
            // A time that overflows, a commit that ends at its beginning, a text that is not UTF-8.
            "420000000001532c187fffffffffffffff000002db", "43000000000001532c180000000001532c180003040f676d75ed",
            "5900004002ff00737461746500",
        ])
    func refuses(text: String) {
        #expect(throws: PgOutputFault.self) { try Self.decode(Bytes.hex(text)) }
    }

    @Test(
        "is a message or an error but never a trap, whatever 20,000 mutations make of it",
        arguments: [1, 2] as [UInt64])
    func survivesGarbage(seed: UInt64) {
        var random = SeededRandom(seed)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = Recorded.all[Int.random(in: 0..<Recorded.all.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes[at] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)
                    ?? 0
            }
            if (try? Self.decode(bytes)) == nil { refused += 1 }
        }
        #expect(refused > 0 && refused < 20_000)
    }
}
