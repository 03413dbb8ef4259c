/// Deletes topics.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | the broker answers before it throttles |
/// | 3 | a broker may answer TOPIC_DELETION_DISABLED |
/// | 4 | enables flexible versions |
/// | 5 | error messages |
/// | 6 | topic ids |
package enum DeleteTopics: WireAPI {
    package static let key = ApiKey.deleteTopics
    package static let versions: ClosedRange<Int16> = 1...6
    package static let firstFlexibleVersion: Int16? = 4
}

extension DeleteTopics {
    package struct Request: WireStruct {
        /// From version 6 on.
        package var topics: [Topic] = []
        /// Up to version 5.
        package var topicNames: [String] = []
        package var timeoutMs: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics, from: 6)
            try wire.field(&topicNames, upTo: 5)
            try wire.field(&timeoutMs)
            try wire.tags()
        }
    }
}

extension DeleteTopics.Request {
    package struct Topic: WireStruct {
        /// `nil`: by id.
        package var name: String?
        package var topicID: WireUUID = .zero

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&topicID)
            try wire.tags()
        }
    }
}

extension DeleteTopics {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var responses: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&responses)
            try wire.tags()
        }
    }
}

extension DeleteTopics.Response {
    package struct Topic: WireStruct {
        package var name: String? = ""
        package var topicID: WireUUID = .zero
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, nullableFrom: 6)
            try wire.field(&topicID, from: 6)
            try wire.field(&errorCode)
            try wire.field(&errorMessage, from: 5)
            try wire.tags()
        }
    }
}
