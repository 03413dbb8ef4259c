import KafkaWire
import Testing

@Suite("An encoded frame")
struct EncodedFrameTests {
    private static func response(_ sizes: [Int?]) -> Fetch.Response {
        Fetch.Response {
            $0.responses = [
                Fetch.Response.Topic { topic in
                    topic.topic = "t"
                    topic.partitions = sizes.map { size in
                        Fetch.Response.Topic.Partition { $0.records = size.map { RecordsRange(count: $0) } }
                    }
                }
            ]
        }
    }

    @Test("has a place for the records of each partition that has some")
    func segments() throws {
        let frame = try Fetch.encodeResponse(Self.response([3, nil, 0, 5]), version: 11, correlationID: 1)
        // Length, correlation id, throttle time, error, session, one topic "t", four partitions.
        let head = 4 + 4 + 4 + 2 + 4 + 4 + 3 + 4
        // Index, error, high watermark, last stable offset, log start offset, no transactions, replica, records' length.
        let partition = 4 + 2 + 8 + 8 + 8 + 4 + 4 + 4
        #expect(
            frame.segments == [
                .bytes(0..<(head + partition)), .records(index: 0, count: 3),
                .bytes((head + partition)..<(head + 4 * partition)), .records(index: 3, count: 5),
            ])
        #expect(frame.size == head + 4 * partition + 8)
        #expect(Array(frame.bytes[..<4]) == [0, 0, 0, UInt8(frame.size - 4)])
    }

    @Test("with its records in their places is what the client decodes", arguments: 4...12 as ClosedRange<Int16>)
    func assembled(version: Int16) throws {
        let data: [[UInt8]] = [[1, 2, 3], [], [], [4, 5, 6, 7, 8]]
        let response = Self.response(data.map(\.count))
        let whole = try Fetch.encodeResponse(response, version: version, correlationID: 1).assembled {
            data[$0.index][...]
        }
        var decoder = FrameDecoder()
        whole.withUnsafeBytes { decoder.append($0) }
        let frame = try #require(try decoder.next())
        let decoded = try WireReader.read(frame) { reader throws(WireError) in
            let headerVersion = Fetch.responseHeaderVersion(version)
            _ = try ResponseHeader(from: &reader, headerVersion: headerVersion)
            let response = try Fetch.decodeResponse(from: &reader, version: version)
            try reader.expectEnd()
            return response
        }
        let records = recordFields(of: decoded).map { range in range.map { Array($0.slice(of: frame)) } ?? [] }
        #expect(records == data)
    }

    @Test("is refused when it would be longer than its length can tell")
    func tooLong() {
        let half = 1 << 30
        let refused = defect { () throws(WireError) in
            try Fetch.encodeResponse(Self.response([half, half]), version: 11, correlationID: 1)
        }
        guard case .tooLong(let size, limit: 2_147_483_647) = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        #expect(size > 2 * half)
    }
}
