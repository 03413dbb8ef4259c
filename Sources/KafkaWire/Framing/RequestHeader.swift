/// What stands in front of every request.
///
/// | version | of requests | has |
/// |--------:|:------------|:----|
/// | 0 | none that we offer | key, version, correlation id |
/// | 1 | whose version is not flexible | client id |
/// | 2 | whose version is flexible | tagged fields; the client id's length stays an int16 |
package struct RequestHeader: WireStruct {
    /// ``ApiKey``, or one we do not know.
    package var key: Int16 = 0
    /// Of the request, not of this header.
    package var version: Int16 = 0
    /// Comes back in the response.
    package var correlationID: Int32 = 0
    /// What the client calls itself; for people, who get a mark for what is not UTF-8.
    package var clientID: String?

    package init() {}

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        try wire.field(&key)
        try wire.field(&version)
        try wire.field(&correlationID)
        if wire.version >= 1 { try codeClientID(&wire) }
        try wire.tags()
    }

    private mutating func codeClientID(_ wire: inout FieldCoder) throws(WireError) {
        if wire.isReading {
            clientID = try wire.reader.repairedString()
        } else {
            try wire.writer.string(clientID, isCompact: false)
        }
    }
}

extension RequestHeader {
    /// Decodes the header at the start of a frame. The request's version may be one that we do not offer.
    /// - Throws: `.unknownKey` if the key is not one that we offer: then nothing is known about the rest.
    package init(from reader: inout WireReader) throws(WireError) {
        var ahead = reader
        let key: Int16
        let version: Int16
        do throws(WireError) {
            key = try ahead.integer()
            version = try ahead.integer()
        } catch {
            throw error.within(.requestHeader)
        }
        guard let api = SupportedAPIs[key] else { throw reader.failure(.unknownKey(key)).within(.requestHeader) }
        try self.init(from: &reader, headerVersion: api.requestHeaderVersion(version))
    }

    init(from reader: inout WireReader, headerVersion: Int16) throws(WireError) {
        var wire = FieldCoder(reading: reader, version: headerVersion, isFlexible: headerVersion >= 2)
        self.init()
        do throws(WireError) {
            try code(&wire)
        } catch {
            throw error.within(.requestHeader, version: headerVersion)
        }
        reader = wire.reader
    }
}
