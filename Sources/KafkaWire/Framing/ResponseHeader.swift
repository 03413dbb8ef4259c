/// What stands in front of every response.
///
/// | version | of responses | has |
/// |--------:|:-------------|:----|
/// | 0 | whose version is not flexible; all of ApiVersions, whose client cannot know yet | correlation id |
/// | 1 | whose version is flexible | tagged fields |
package struct ResponseHeader: WireStruct {
    /// The request's.
    package var correlationID: Int32 = 0

    package init() {}

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        try wire.field(&correlationID)
        try wire.tags()
    }
}

extension ResponseHeader {
    /// - Parameter headerVersion: ``WireAPI/responseHeaderVersion(_:)`` of the request with this correlation id. Requests are
    ///   answered in their order, so the client knows which one it is.
    package init(from reader: inout WireReader, headerVersion: Int16) throws(WireError) {
        var wire = FieldCoder(reading: reader, version: headerVersion, isFlexible: headerVersion >= 1)
        self.init()
        do throws(WireError) {
            try code(&wire)
        } catch {
            throw error.within(.responseHeader, version: headerVersion)
        }
        reader = wire.reader
    }
}
