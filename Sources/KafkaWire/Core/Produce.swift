/// Appends one record batch to each partition.
///
/// | version | adds |
/// |--------:|:-----|
/// | 4 | a broker may answer KAFKA_STORAGE_ERROR |
/// | 5 | the log start offset |
/// | 7 | batches compressed with zstd |
/// | 8 | which records a batch was refused for, and why |
/// | 9 | enables flexible versions |
/// | 10 | where a partition's leader is, as tagged fields |
/// | 11 | a broker may answer TRANSACTION_ABORTABLE |
/// | 12 | a partition joins the transaction by being produced to (transactions v2) |
/// | 13 | topic ids instead of names |
package enum Produce: WireAPI {
    package static let key = ApiKey.produce
    package static let versions: ClosedRange<Int16> = 3...13
    package static let firstFlexibleVersion: Int16? = 9
    /// librdkafka up to 2.0.2 silently sends batches uncompressed to a broker that does not offer version 0.
    package static let advertisedVersions: ClosedRange<Int16> = 0...13
}

extension Produce {
    package struct Request: WireStruct {
        package var transactionalID: String?
        /// When to answer. 0: not at all. 1: once the leader has it. -1: once it is on every replica and, with us,
        /// synced.
        package var acks: Int16 = 0
        package var timeoutMs: Int32 = 0
        package var topicData: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&transactionalID)
            try wire.field(&acks)
            try wire.field(&timeoutMs)
            try wire.field(&topicData)
            try wire.tags()
        }
    }
}

extension Produce.Request {
    package struct Topic: WireStruct {
        /// Up to version 12.
        package var name: String = ""
        /// From version 13 on.
        package var topicID: WireUUID = .zero
        package var partitionData: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, upTo: 12)
            try wire.field(&topicID, from: 13)
            try wire.field(&partitionData)
            try wire.tags()
        }
    }
}

extension Produce.Request.Topic {
    package struct Partition: WireStruct {
        package var index: Int32 = 0
        package var records: RecordsRange?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&index)
            try wire.field(&records)
            try wire.tags()
        }
    }
}

extension Produce {
    package struct Response: WireStruct {
        package var responses: [Topic] = []
        package var throttleTimeMs: Int32 = 0
        package var nodeEndpoints: [NodeEndpoint] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&responses)
            try wire.field(&throttleTimeMs)
            var tags = try wire.beginTags()
            try wire.tag(0, &nodeEndpoints, from: 10, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Produce.Response {
    package struct Topic: WireStruct {
        /// Up to version 12.
        package var name: String = ""
        /// From version 13 on.
        package var topicID: WireUUID = .zero
        package var partitionResponses: [Partition] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name, upTo: 12)
            try wire.field(&topicID, from: 13)
            try wire.field(&partitionResponses)
            try wire.tags()
        }
    }
}

extension Produce.Response.Topic {
    package struct Partition: WireStruct {
        package var index: Int32 = 0
        package var errorCode: ErrorCode = .none
        /// -1 on an error.
        package var baseOffset: Int64 = 0
        /// -1 if the records keep the timestamps of their producer.
        package var logAppendTimeMs: Int64 = -1
        package var logStartOffset: Int64 = -1
        package var recordErrors: [RecordError] = []
        package var errorMessage: String?
        package var currentLeader = CurrentLeader()

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&index)
            try wire.field(&errorCode)
            try wire.field(&baseOffset)
            try wire.field(&logAppendTimeMs)
            try wire.field(&logStartOffset, from: 5)
            try wire.field(&recordErrors, from: 8)
            try wire.field(&errorMessage, from: 8)
            var tags = try wire.beginTags()
            try wire.tag(0, &currentLeader, from: 10, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension Produce.Response.Topic.Partition {
    package struct RecordError: WireStruct {
        package var batchIndex: Int32 = 0
        package var batchIndexErrorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&batchIndex)
            try wire.field(&batchIndexErrorMessage)
            try wire.tags()
        }
    }
}
