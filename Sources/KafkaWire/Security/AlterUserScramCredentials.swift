/// Sets and deletes SCRAM passwords. Flexible from the start.
package enum AlterUserScramCredentials: WireAPI {
    package static let key = ApiKey.alterUserScramCredentials
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension AlterUserScramCredentials {
    package struct Request: WireStruct {
        package var deletions: [Deletion] = []
        package var upsertions: [Upsertion] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&deletions)
            try wire.field(&upsertions)
            try wire.tags()
        }
    }
}

extension AlterUserScramCredentials.Request {
    package struct Deletion: WireStruct {
        package var name: String = ""
        /// 1: SCRAM-SHA-256. 2: SCRAM-SHA-512.
        package var mechanism: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&mechanism)
            try wire.tags()
        }
    }
}

extension AlterUserScramCredentials.Request {
    package struct Upsertion: WireStruct {
        package var name: String = ""
        /// 1: SCRAM-SHA-256. 2: SCRAM-SHA-512.
        package var mechanism: Int8 = 0
        package var iterations: Int32 = 0
        package var salt: [UInt8] = []
        package var saltedPassword: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&mechanism)
            try wire.field(&iterations)
            try wire.field(&salt)
            try wire.field(&saltedPassword)
            try wire.tags()
        }
    }
}

extension AlterUserScramCredentials {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var results: [Result] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&results)
            try wire.tags()
        }
    }
}

extension AlterUserScramCredentials.Response {
    package struct Result: WireStruct {
        package var user: String = ""
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&user)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.tags()
        }
    }
}
