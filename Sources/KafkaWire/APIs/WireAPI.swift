/// One of Kafka's APIs: its key, the versions we speak, and its two messages.
package protocol WireAPI: Sendable {
    associatedtype Request: WireStruct
    associatedtype Response: WireStruct

    static var key: ApiKey { get }
    /// What is decoded and encoded.
    static var versions: ClosedRange<Int16> { get }
    /// What is told to clients that ask; wider than ``versions`` where a client needs it to be.
    static var advertisedVersions: ClosedRange<Int16> { get }
    /// The first version with compact lengths and tagged fields, also if we do not offer it; `nil`: none.
    static var firstFlexibleVersion: Int16? { get }
    /// False if the response's header has no tagged fields even in flexible versions.
    static var responseHeaderMayBeFlexible: Bool { get }
}

extension WireAPI {
    package static var advertisedVersions: ClosedRange<Int16> { versions }
    package static var responseHeaderMayBeFlexible: Bool { true }

    package static func isFlexible(_ version: Int16) -> Bool {
        guard let firstFlexibleVersion else { return false }
        return version >= firstFlexibleVersion
    }

    package static func requestHeaderVersion(_ version: Int16) -> Int16 { isFlexible(version) ? 2 : 1 }

    package static func responseHeaderVersion(_ version: Int16) -> Int16 {
        responseHeaderMayBeFlexible && isFlexible(version) ? 1 : 0
    }

    /// Decodes what follows a ``RequestHeader``. The reader is left at the end of the message.
    package static func decodeRequest(
        from reader: inout WireReader, version: Int16
    ) throws(WireError) -> Request {
        try decode(Request.self, .request, from: &reader, version: version)
    }

    /// Decodes what follows a ``ResponseHeader``. The reader is left at the end of the message.
    package static func decodeResponse(
        from reader: inout WireReader, version: Int16
    ) throws(WireError) -> Response {
        try decode(Response.self, .response, from: &reader, version: version)
    }

    /// A whole frame.
    /// - Throws: if a string, an array or the frame is too long for its length, or null stands where the version knows none.
    package static func encodeRequest(
        _ request: Request, version: Int16, correlationID: Int32, clientID: String? = nil
    ) throws(WireError) -> EncodedFrame {
        var header = RequestHeader()
        header.key = key.rawValue
        header.version = version
        header.correlationID = correlationID
        header.clientID = clientID
        return try encode(
            header, requestHeaderVersion(version), isFlexible(version), request, .request, version)
    }

    /// A whole frame.
    /// - Throws: if a string, an array or the frame is too long for its length, or null stands where the version knows none.
    package static func encodeResponse(
        _ response: Response, version: Int16, correlationID: Int32
    ) throws(WireError) -> EncodedFrame {
        let header = ResponseHeader { $0.correlationID = correlationID }
        let headerVersion = responseHeaderVersion(version)
        return try encode(header, headerVersion, headerVersion >= 1, response, .response, version)
    }

    private static func decode<Message: WireStruct>(
        _ type: Message.Type, _ part: WireError.Part, from reader: inout WireReader, version: Int16
    ) throws(WireError) -> Message {
        guard versions.contains(version) else {
            throw reader.failure(.unsupportedVersion(version)).within(part, of: key)
        }
        var message = Message()
        var wire = FieldCoder(reading: reader, version: version, isFlexible: isFlexible(version))
        do throws(WireError) {
            try message.code(&wire)
        } catch {
            throw error.within(part, of: key, version: version)
        }
        reader = wire.reader
        return message
    }

    private static func encode<Header: WireStruct, Message: WireStruct>(
        _ header: Header, _ headerVersion: Int16, _ isHeaderFlexible: Bool,
        _ message: Message, _ part: WireError.Part, _ version: Int16
    ) throws(WireError) -> EncodedFrame {
        precondition(versions.contains(version), "\(key.name) has no version \(version)")
        do throws(WireError) {
            return try EncodedFrame(
                header, version: headerVersion, isHeaderFlexible: isHeaderFlexible,
                message, version: version, isFlexible: isFlexible(version))
        } catch {
            throw error.within(part, of: key, version: version)
        }
    }
}
