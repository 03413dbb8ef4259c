import KafkaWire

/// Every API that is answered. What ApiVersions tells clients is made from this.
enum Answers {
    static let all: [any Answering.Type] = core + groups + admin + transactions + security

    private static let core: [any Answering.Type] = [
        ApiVersionsAnswer.self, MetadataAnswer.self, ProduceAnswer.self, FetchAnswer.self, ListOffsetsAnswer.self,
        OffsetForLeaderEpochAnswer.self,
    ]
    private static let groups: [any Answering.Type] = [
        FindCoordinatorAnswer.self, JoinGroupAnswer.self, SyncGroupAnswer.self, HeartbeatAnswer.self,
        LeaveGroupAnswer.self, OffsetCommitAnswer.self, OffsetFetchAnswer.self, DescribeGroupsAnswer.self,
        ListGroupsAnswer.self, DeleteGroupsAnswer.self, OffsetDeleteAnswer.self, ConsumerGroupHeartbeatAnswer.self,
        ConsumerGroupDescribeAnswer.self,
    ]
    private static let admin: [any Answering.Type] = [
        CreateTopicsAnswer.self, DeleteTopicsAnswer.self, CreatePartitionsAnswer.self, DeleteRecordsAnswer.self,
        DescribeConfigsAnswer.self, IncrementalAlterConfigsAnswer.self, AlterConfigsAnswer.self,
        DescribeClusterAnswer.self, DescribeLogDirsAnswer.self, DescribeTopicPartitionsAnswer.self,
        DescribeClientQuotasAnswer.self, AlterClientQuotasAnswer.self, ListPartitionReassignmentsAnswer.self,
    ]
    private static let transactions: [any Answering.Type] = [
        InitProducerIdAnswer.self, AddPartitionsToTxnAnswer.self, AddOffsetsToTxnAnswer.self,
        TxnOffsetCommitAnswer.self, EndTxnAnswer.self, DescribeProducersAnswer.self, DescribeTransactionsAnswer.self,
        ListTransactionsAnswer.self,
    ]
    private static let security: [any Answering.Type] = [
        SaslHandshakeAnswer.self, SaslAuthenticateAnswer.self, DescribeAclsAnswer.self, CreateAclsAnswer.self,
        DeleteAclsAnswer.self, DescribeUserScramCredentialsAnswer.self, AlterUserScramCredentialsAnswer.self,
    ]

    /// What clients are told that they may ask for.
    static let offered = OfferedAPIs(all.map { $0.api })

    static let byKey: [Int16: any Answering.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}

extension Answering {
    static var key: Int16 { API.key.rawValue }
    static var api: any WireAPI.Type { API.self }
}
