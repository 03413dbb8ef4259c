import ChangeEvents
import RecordFormat
import Testing

@Suite("A captured record's headers")
struct EventHeadersTests {
    private static func text(_ headers: [RecordHeader]) -> [String] {
        headers.map { "\($0.key)=\(String(decoding: $0.value ?? [], as: UTF8.self))" }
    }

    @Test("are these for a row of a transaction")
    func writesTransaction() throws {
        let stamp = EventStamp(lsn: LSN(0x1A2B3C8), transactionID: 7311, commitTime: 1_795_327_200_123_456)
        let headers = stamp.headers(sequence: 4)
        #expect(Self.text(headers) == ["eb.lsn=0/1A2B3C8", "eb.seq=4", "eb.xid=7311", "eb.ts=1795327200123456"])
        #expect(stamp.timestamp == Timestamp(millisecondsSince1970: 1_795_327_200_123))
        let read = try EventHeaders(decoding: [RecordHeader(key: "other", value: nil)] + headers)
        #expect(
            read
                == EventHeaders(
                    lsn: LSN(0x1A2B3C8), sequence: 4, transactionID: 7311, commitTime: 1_795_327_200_123_456,
                    snapshot: nil))
    }

    @Test("are these for a row of a snapshot")
    func writesSnapshot() throws {
        let headers = EventStamp(lsn: LSN(0x1_0000_0000), transactionID: nil, commitTime: -1, snapshot: 77)
            .headers(sequence: 0)
        #expect(Self.text(headers) == ["eb.lsn=1/0", "eb.seq=0", "eb.ts=-1", "eb.snapshot=77"])
        #expect(try EventHeaders(decoding: headers).snapshot == 77)
    }

    @Test(
        "are refused when one is missing or no number",
        arguments: [
            [], ["eb.lsn=0/1", "eb.seq=4"], ["eb.lsn=01", "eb.seq=4", "eb.ts=1"],
            ["eb.lsn=0/1", "eb.seq=-4", "eb.ts=1"],
            ["eb.lsn=0/1", "eb.seq=4", "eb.ts=1", "eb.xid=4294967296"],
        ])
    func refuses(headers: [String]) {
        let headers = headers.map { text in
            let parts = text.split(separator: "=")
            return RecordHeader(key: String(parts[0]), value: Array(parts[1].utf8))
        }
        let error = #expect(throws: ChangeEventsError.self) { try EventHeaders(decoding: headers) }
        #expect(error?.code == .malformedHeader)
    }
}
