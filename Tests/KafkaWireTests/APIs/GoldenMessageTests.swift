import KafkaWire
import Testing

@Suite("A message")
struct GoldenMessageTests {
    @Test("has the fields and the bytes that Kafka gives it, in every version", arguments: offered)
    func asKafka(key: ApiKey) throws {
        let api = try #require(SupportedAPIs[key.rawValue])
        let goldens = try Golden.read(key.name)
        #expect(Set(goldens.map(\.version)) == Set(api.versions))
        #expect(goldens.count == 4 * api.versions.count)
        for golden in goldens { try check(golden, of: api) }
    }

    private func check<API: WireAPI>(_ golden: Golden, of api: API.Type) throws {
        switch golden.part {
        case .request:
            try check(
                golden,
                decode: { reader throws(WireError) in try api.decodeRequest(from: &reader, version: golden.version) },
                encode: { try api.encodeRequest($0, version: golden.version, correlationID: 7, clientID: "c") },
                header: { reader throws(WireError) in _ = try RequestHeader(from: &reader) })
        case .response:
            try check(
                golden,
                decode: { reader throws(WireError) in try api.decodeResponse(from: &reader, version: golden.version) },
                encode: { try api.encodeResponse($0, version: golden.version, correlationID: 7) },
                header: { reader throws(WireError) in
                    _ = try ResponseHeader(
                        from: &reader, headerVersion: api.responseHeaderVersion(golden.version))
                })
        }
    }

    private func check<Message: WireStruct>(
        _ golden: Golden, decode: (inout WireReader) throws(WireError) -> Message,
        encode: (Message) throws -> EncodedFrame, header: (inout WireReader) throws(WireError) -> Void
    ) throws {
        let given = try bytes(golden.bytes)
        let message = try WireReader.read(given[...]) { reader throws(WireError) in
            let message = try decode(&reader)
            try reader.expectEnd()
            return message
        }
        let name = "\(Message.self) \(golden.version) \(golden.fill)"
        for difference in differences(golden.fields, message, in: given) { Issue.record("\(name): \(difference)") }

        let records = recordFields(of: message)
        let written = try encode(message).assembled { place in
            guard let range = records[place.index] else { return [] }
            return range.slice(of: given[...])
        }
        let frame = Array(written[4...])
        let headerSize = try WireReader.read(frame[...]) { reader throws(WireError) in
            try header(&reader)
            return reader.position
        }
        #expect(hex(frame[headerSize...]) == golden.bytes, "\(name)")
        #expect(Array(written[..<4]) == withUnsafeBytes(of: Int32(frame.count).bigEndian) { Array($0) }, "\(name)")
    }
}
