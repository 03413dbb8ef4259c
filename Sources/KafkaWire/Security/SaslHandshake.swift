/// Chooses how the client proves who it is.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | what follows is ``SaslAuthenticate`` requests, not bare tokens |
package enum SaslHandshake: WireAPI {
    package static let key = ApiKey.saslHandshake
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = nil
}

extension SaslHandshake {
    package struct Request: WireStruct {
        package var mechanism: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&mechanism)
        }
    }
}

extension SaslHandshake {
    package struct Response: WireStruct {
        package var errorCode: ErrorCode = .none
        package var mechanisms: [String] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&mechanisms)
        }
    }
}
