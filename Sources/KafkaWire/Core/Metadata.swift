/// Tells brokers, topics and partitions; may create topics.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the controller, racks, internal topics; null means all topics, and an empty list none |
/// | 2 | the cluster id |
/// | 3 | the throttle time |
/// | 4 | `allowAutoTopicCreation`; below it is always true |
/// | 5 | replicas that are offline |
/// | 6 | the broker answers before it throttles |
/// | 7 | leader epochs |
/// | 8 | authorized operations |
/// | 9 | enables flexible versions |
/// | 10 | topic ids in the answer |
/// | 11 | leaves the cluster's authorized operations to DescribeCluster |
/// | 12 | asking by topic id |
/// | 13 | an error code for the whole answer |
package enum Metadata: WireAPI {
    package static let key = ApiKey.metadata
    package static let versions: ClosedRange<Int16> = 0...13
    package static let firstFlexibleVersion: Int16? = 9
}

extension Metadata {
    package struct Request: WireStruct {
        /// `nil`: all topics. In version 0, an empty list asks for all.
        package var topics: [Topic]? = []
        package var allowAutoTopicCreation: Bool = true
        package var includeClusterAuthorizedOperations: Bool = false
        package var includeTopicAuthorizedOperations: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics, nullableFrom: 1)
            try wire.field(&allowAutoTopicCreation, from: 4)
            try wire.field(&includeClusterAuthorizedOperations, from: 8, upTo: 10)
            try wire.field(&includeTopicAuthorizedOperations, from: 8)
            try wire.tags()
        }
    }
}

extension Metadata.Request {
    package struct Topic: WireStruct {
        package var topicID: WireUUID = .zero
        /// `nil`: ask by id, from version 12 on.
        package var name: String? = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicID, from: 10)
            try wire.field(&name, nullableFrom: 10)
            try wire.tags()
        }
    }
}

extension Metadata {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var brokers: [Broker] = []
        package var clusterID: String?
        package var controllerID: Int32 = -1
        package var topics: [Topic] = []
        /// A bit mask, or the smallest number if nobody asked. Versions 8 to 10.
        package var clusterAuthorizedOperations: Int32 = .min
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 3)
            try wire.field(&brokers)
            try wire.field(&clusterID, from: 2)
            try wire.field(&controllerID, from: 1)
            try wire.field(&topics)
            try wire.field(&clusterAuthorizedOperations, from: 8, upTo: 10)
            try wire.field(&errorCode, from: 13)
            try wire.tags()
        }
    }
}

extension Metadata.Response {
    package struct Broker: WireStruct {
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var rack: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&nodeID)
            try wire.field(&host)
            try wire.field(&port)
            try wire.field(&rack, from: 1)
            try wire.tags()
        }
    }
}

extension Metadata.Response {
    package struct Topic: WireStruct {
        package var errorCode: ErrorCode = .none
        /// `nil` only for an id that is not known.
        package var name: String? = ""
        package var topicID: WireUUID = .zero
        package var isInternal: Bool = false
        package var partitions: [Partition] = []
        /// A bit mask, or the smallest number if nobody asked.
        package var topicAuthorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&name, nullableFrom: 12)
            try wire.field(&topicID, from: 10)
            try wire.field(&isInternal, from: 1)
            try wire.field(&partitions)
            try wire.field(&topicAuthorizedOperations, from: 8)
            try wire.tags()
        }
    }
}

extension Metadata.Response.Topic {
    package struct Partition: WireStruct {
        package var errorCode: ErrorCode = .none
        package var partitionIndex: Int32 = 0
        package var leaderID: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        package var offlineReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&partitionIndex)
            try wire.field(&leaderID)
            try wire.field(&leaderEpoch, from: 7)
            try wire.field(&replicaNodes)
            try wire.field(&isrNodes)
            try wire.field(&offlineReplicas, from: 5)
            try wire.tags()
        }
    }
}
