/// Tells the state and the members of groups in the consumer protocol. Flexible from the start.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the kind of member |
package enum ConsumerGroupDescribe: WireAPI {
    package static let key = ApiKey.consumerGroupDescribe
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 0
}

extension ConsumerGroupDescribe {
    package struct Request: WireStruct {
        package var groupIDs: [String] = []
        package var includeAuthorizedOperations: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupIDs)
            try wire.field(&includeAuthorizedOperations)
            try wire.tags()
        }
    }
}

extension ConsumerGroupDescribe {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var groups: [Group] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&groups)
            try wire.tags()
        }
    }
}

extension ConsumerGroupDescribe.Response {
    package struct Group: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var groupID: String = ""
        package var groupState: String = ""
        package var groupEpoch: Int32 = 0
        package var assignmentEpoch: Int32 = 0
        package var assignorName: String = ""
        package var members: [Member] = []
        /// A bit mask, or the smallest number if nobody asked.
        package var authorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&groupID)
            try wire.field(&groupState)
            try wire.field(&groupEpoch)
            try wire.field(&assignmentEpoch)
            try wire.field(&assignorName)
            try wire.field(&members)
            try wire.field(&authorizedOperations)
            try wire.tags()
        }
    }
}

extension ConsumerGroupDescribe.Response.Group {
    package struct Member: WireStruct {
        package var memberID: String = ""
        package var instanceID: String?
        package var rackID: String?
        package var memberEpoch: Int32 = 0
        package var clientID: String = ""
        package var clientHost: String = ""
        package var subscribedTopicNames: [String] = []
        package var subscribedTopicRegex: String?
        package var assignment: ConsumerGroupDescribe.Response.Assignment = .init()
        package var targetAssignment: ConsumerGroupDescribe.Response.Assignment = .init()
        /// 0: classic. 1: consumer. -1: unknown.
        package var memberType: Int8 = -1

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&instanceID)
            try wire.field(&rackID)
            try wire.field(&memberEpoch)
            try wire.field(&clientID)
            try wire.field(&clientHost)
            try wire.field(&subscribedTopicNames)
            try wire.field(&subscribedTopicRegex)
            try wire.field(&assignment)
            try wire.field(&targetAssignment)
            try wire.field(&memberType, from: 1)
            try wire.tags()
        }
    }
}

extension ConsumerGroupDescribe.Response {
    package struct TopicPartitions: WireStruct {
        package var topicID: WireUUID = .zero
        package var topicName: String = ""
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicID)
            try wire.field(&topicName)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension ConsumerGroupDescribe.Response {
    package struct Assignment: WireStruct {
        package var topicPartitions: [TopicPartitions] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicPartitions)
            try wire.tags()
        }
    }
}
