import KafkaWire

extension FuzzTarget {
    /// A request without its frame's length: header, then message. The first byte says nothing.
    package static let requests = FuzzTarget("requests", longest: 512) {
        KafkaMessage.seeds(.request)
    } laws: { input throws(BrokenLaw) in
        try input.bytes.withUnsafeBytes(WireLaws.verdict(onRequest:)).taken()
    }

    /// An API's key and a version, two bytes each, then a response of theirs without its header. The first byte says nothing.
    package static let responses = FuzzTarget("responses", longest: 512) {
        KafkaMessage.seeds(.response)
    } laws: { input throws(BrokenLaw) in
        try input.bytes.withUnsafeBytes(WireLaws.verdict(onResponse:)).taken()
    }
}

/// What must hold of any bytes that are read as a message of Kafka's protocol.
///
/// Bytes either are refused, or mean something that can be written again; and what is written means the same, and is written as
/// the same bytes once more. The first bytes may differ: they can have unknown tags, lengths in more bytes than are needed, or
/// a default value that need not be written.
private enum WireLaws {
    enum Verdict {
        case refused, kept
        case broken(String)

        func taken() throws(BrokenLaw) -> Bool {
            switch self {
            case .refused: return false
            case .kept: return true
            case .broken(let law): throw BrokenLaw(description: law)
            }
        }
    }

    static func verdict(onRequest frame: UnsafeRawBufferPointer) -> Verdict {
        do throws(WireError) {
            var reader = WireReader(frame)
            let header = try RequestHeader(from: &reader)
            guard let api = SupportedAPIs[header.key] else { return .broken("a key that is not offered has a header") }
            return try verdict(on: api, header, &reader)
        } catch {
            return .refused
        }
    }

    static func verdict(onResponse bytes: UnsafeRawBufferPointer) -> Verdict {
        guard bytes.count >= 4 else { return .refused }
        let (key, version) = (Array(bytes).number(at: 0, Int16.self), Array(bytes).number(at: 2, Int16.self))
        guard let api = SupportedAPIs[key] else { return .refused }
        var reader = WireReader(UnsafeRawBufferPointer(rebasing: bytes[4...]))
        do throws(WireError) {
            return try verdict(on: api, version: version, &reader)
        } catch {
            return .refused
        }
    }

    private static func verdict<API: WireAPI>(
        on api: API.Type, _ header: RequestHeader, _ reader: inout WireReader
    ) throws(WireError) -> Verdict {
        let request = try api.decodeRequest(from: &reader, version: header.version)
        return verdict(on: request) { request throws(WireError) in
            try api.encodeRequest(
                request, version: header.version, correlationID: header.correlationID, clientID: header.clientID)
        } decode: { reader throws(WireError) in
            guard try RequestHeader(from: &reader) == header else { return nil }
            return try api.decodeRequest(from: &reader, version: header.version)
        }
    }

    private static func verdict<API: WireAPI>(
        on api: API.Type, version: Int16, _ reader: inout WireReader
    ) throws(WireError) -> Verdict {
        let response = try api.decodeResponse(from: &reader, version: version)
        return verdict(on: response) { response throws(WireError) in
            try api.encodeResponse(response, version: version, correlationID: 1)
        } decode: { reader throws(WireError) in
            let headerVersion = api.responseHeaderVersion(version)
            guard try ResponseHeader(from: &reader, headerVersion: headerVersion).correlationID == 1 else { return nil }
            return try api.decodeResponse(from: &reader, version: version)
        }
    }

    private static func verdict<Message: WireStruct>(
        on message: Message, encode: (Message) throws(WireError) -> EncodedFrame,
        decode: (inout WireReader) throws(WireError) -> Message?
    ) -> Verdict {
        let name = String(reflecting: Message.self)
        do throws(WireError) {
            let first = try encode(message)
            guard let again = try withReader(of: first, decode) else { return .broken("\(name): another header") }
            if again != message, meaning(of: again) != meaning(of: message) {
                return .broken("\(name): \(message) became \(again)")
            }
            return try encode(again) == first ? .kept : .broken("\(name): the same message has other bytes")
        } catch {
            return .broken("\(name): what was decoded is refused: \(error)")
        }
    }

    /// Record data has another place in these bytes than in those, and a quota of NaN equals nothing, but reads the same.
    private static func meaning(of message: some WireStruct) -> String {
        "\(message)".replacing(#/RecordsRange\(position: [0-9]+/#, with: "RecordsRange(")
    }

    private static func withReader<Result>(
        of frame: EncodedFrame, _ read: (inout WireReader) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        let bytes = frame.assembled { [UInt8](repeating: 0, count: $0.count)[...] }
        return try WireReader.read(bytes.dropFirst(MemoryLayout<Int32>.size)) { reader throws(WireError) in
            let result = try read(&reader)
            try reader.expectEnd()
            return result
        }
    }
}
