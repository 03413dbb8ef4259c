import Testing

@testable import KafkaWire

@Suite("A header")
struct HeaderTests {
    @Test("has the fields and the bytes that Kafka gives it, in every version")
    func asKafka() throws {
        let goldens = try Golden.read("headers")
        #expect(goldens.count == 8)
        for golden in goldens {
            let given = try bytes(golden.bytes)
            let isFlexible = golden.version >= (golden.part == .request ? 2 : 1)
            let header: any WireStruct = try WireReader.read(given[...]) { reader throws(WireError) in
                switch golden.part {
                case .request: return try RequestHeader(from: &reader, headerVersion: golden.version)
                case .response: return try ResponseHeader(from: &reader, headerVersion: golden.version)
                }
            }
            if let request = header as? RequestHeader {
                #expect("\(request.key) \(request.version)" == keyAndVersion(golden.fields))
            }
            #expect(try hex(encode(header, version: golden.version, isFlexible: isFlexible)) == golden.bytes)
        }
    }

    private func encode(_ header: some WireStruct, version: Int16, isFlexible: Bool) throws -> [UInt8] {
        try KafkaWireTests.encode(header, isFlexible: isFlexible, version: version)
    }

    private func keyAndVersion(_ fields: FieldTree) -> String {
        guard case .fields(let fields) = fields, case .integer(let key) = fields["request_api_key"],
            case .integer(let version) = fields["request_api_version"]
        else { return "" }
        return "\(key) \(version)"
    }

    @Test("of a request is of version 2 when the request's version is flexible, offered or not")
    func headerVersion() throws {
        // ApiVersions 3 and 99, correlation id 7, client id "c" with an int16 length, no tags.
        for version in ["0003", "0063"] {
            let given = try bytes("0012 \(version) 00000007 000163 00")
            let header = try WireReader.read(given[...]) { reader throws(WireError) in
                let header = try RequestHeader(from: &reader)
                try reader.expectEnd()
                return header
            }
            #expect((header.key, header.correlationID, header.clientID) == (18, 7, "c"))
        }
    }

    @Test("with a client id that is not UTF-8 has a mark for it")
    func clientID() throws {
        let given = try bytes("0012 0000 00000007 0002 ff61")
        let header = try WireReader.read(given[...]) { reader throws(WireError) in
            try RequestHeader(from: &reader)
        }
        #expect(header.clientID == "\u{fffd}a")
    }

    @Test("of a request that is not offered, or that ends early, is refused")
    func refused() throws {
        for (text, expected) in [
            ("0047 0000 00000007 ffff", WireError.Defect.unknownKey(71)), ("7fff 0000", .unknownKey(32_767)),
            ("00", .endsEarly(needed: 2, left: 1)), ("0012 0000 0000", .endsEarly(needed: 4, left: 2)),
        ] {
            let given = try bytes(text)
            let refused = defect { () throws(WireError) in
                try WireReader.read(given[...]) { reader throws(WireError) in
                    try RequestHeader(from: &reader)
                }
            }
            #expect(refused == expected)
        }
    }
}
