/// One step of the proof.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | how long the proof holds |
/// | 2 | enables flexible versions |
package enum SaslAuthenticate: WireAPI {
    package static let key = ApiKey.saslAuthenticate
    package static let versions: ClosedRange<Int16> = 0...2
    package static let firstFlexibleVersion: Int16? = 2
}

extension SaslAuthenticate {
    package struct Request: WireStruct {
        package var authBytes: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&authBytes)
            try wire.tags()
        }
    }
}

extension SaslAuthenticate {
    package struct Response: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var authBytes: [UInt8] = []
        /// 0: as long as the connection.
        package var sessionLifetimeMs: Int64 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&authBytes)
            try wire.field(&sessionLifetimeMs, from: 1)
            try wire.tags()
        }
    }
}
