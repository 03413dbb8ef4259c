/// Tells which users have a SCRAM password. Flexible from the start.
package enum DescribeUserScramCredentials: WireAPI {
    package static let key = ApiKey.describeUserScramCredentials
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension DescribeUserScramCredentials {
    package struct Request: WireStruct {
        /// `nil`: all.
        package var users: [User]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&users)
            try wire.tags()
        }
    }
}

extension DescribeUserScramCredentials.Request {
    package struct User: WireStruct {
        package var name: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.tags()
        }
    }
}

extension DescribeUserScramCredentials {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var results: [Result] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&results)
            try wire.tags()
        }
    }
}

extension DescribeUserScramCredentials.Response {
    package struct Result: WireStruct {
        package var user: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var credentialInfos: [CredentialInfo] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&user)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&credentialInfos)
            try wire.tags()
        }
    }
}

extension DescribeUserScramCredentials.Response.Result {
    package struct CredentialInfo: WireStruct {
        /// 1: SCRAM-SHA-256. 2: SCRAM-SHA-512.
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&mechanism)
            try wire.field(&iterations)
            try wire.tags()
        }
    }
}
