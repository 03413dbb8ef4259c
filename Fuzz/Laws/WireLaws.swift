/// What must hold for any bytes whatever, so that a fuzzer needs to know nothing else.
///
/// Bytes either are refused, or mean something that can be written again; and what is written means the same, and is written as
/// the same bytes once more. The first bytes may differ: they can have unknown tags, lengths in more bytes than are needed, or
/// a default value that need not be written.
package enum WireLaws {
    /// - Parameter frame: a request without the frame's length: header, then message.
    /// - Returns: what does not hold, or `nil`.
    package static func violation(byRequest frame: UnsafeRawBufferPointer) -> String? {
        do throws(WireError) {
            var reader = WireReader(frame)
            let header = try RequestHeader(from: &reader)
            guard let api = SupportedAPIs[header.key] else { return "a key that is not offered has a header" }
            return try violation(by: api, header, &reader)
        } catch {
            return nil
        }
    }

    /// - Parameter bytes: an API's key and a version, two bytes each, then a response of theirs without its header.
    /// - Returns: what does not hold, or `nil`.
    package static func violation(byResponse bytes: UnsafeRawBufferPointer) -> String? {
        do throws(WireError) {
            var reader = WireReader(bytes)
            guard let api = SupportedAPIs[try reader.integer()] else { return nil }
            return try violation(by: api, version: try reader.integer(), &reader)
        } catch {
            return nil
        }
    }

    private static func violation<API: WireAPI>(
        by api: API.Type, _ header: RequestHeader, _ reader: inout WireReader
    ) throws(WireError) -> String? {
        let request = try api.decodeRequest(from: &reader, version: header.version)
        return violation(by: request) { request throws(WireError) in
            try api.encodeRequest(
                request, version: header.version, correlationID: header.correlationID, clientID: header.clientID)
        } decode: { reader throws(WireError) in
            guard try RequestHeader(from: &reader) == header else { return nil }
            return try api.decodeRequest(from: &reader, version: header.version)
        }
    }

    private static func violation<API: WireAPI>(
        by api: API.Type, version: Int16, _ reader: inout WireReader
    ) throws(WireError) -> String? {
        let response = try api.decodeResponse(from: &reader, version: version)
        return violation(by: response) { response throws(WireError) in
            try api.encodeResponse(response, version: version, correlationID: 1)
        } decode: { reader throws(WireError) in
            let headerVersion = api.responseHeaderVersion(version)
            guard try ResponseHeader(from: &reader, headerVersion: headerVersion).correlationID == 1 else { return nil }
            return try api.decodeResponse(from: &reader, version: version)
        }
    }

    private static func violation<Message: WireStruct>(
        by message: Message, encode: (Message) throws(WireError) -> EncodedFrame,
        decode: (inout WireReader) throws(WireError) -> Message?
    ) -> String? {
        let name = String(reflecting: Message.self)
        do throws(WireError) {
            let first = try encode(message)
            guard let again = try withReader(of: first, decode) else { return "\(name): another header" }
            // Record data has another place in these bytes than in those, and a quota of NaN equals nothing, but reads the same.
            if first.places.isEmpty, again != message, "\(again)" != "\(message)" {
                return "\(name): \(message) became \(again)"
            }
            return try encode(again) == first ? nil : "\(name): the same message has other bytes"
        } catch {
            return "\(name): what was decoded is refused: \(error)"
        }
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
