/// Every API that there is a codec for. ``OfferedAPIs`` says which of them a broker has.
package enum SupportedAPIs {
    package static let all: [any WireAPI.Type] =
        [
            ApiVersions.self, Metadata.self, Produce.self, Fetch.self, ListOffsets.self, OffsetForLeaderEpoch.self,
        ] + groups + admin + transactions + security

    private static let groups: [any WireAPI.Type] = [
        FindCoordinator.self, JoinGroup.self, SyncGroup.self, Heartbeat.self, LeaveGroup.self,
        OffsetCommit.self, OffsetFetch.self, DescribeGroups.self, ListGroups.self, DeleteGroups.self, OffsetDelete.self,
        ConsumerGroupHeartbeat.self, ConsumerGroupDescribe.self,
    ]
    private static let admin: [any WireAPI.Type] = [
        CreateTopics.self, DeleteTopics.self, CreatePartitions.self, DeleteRecords.self,
        DescribeConfigs.self, IncrementalAlterConfigs.self, AlterConfigs.self,
        DescribeCluster.self, DescribeLogDirs.self, DescribeTopicPartitions.self, DescribeProducers.self,
        DescribeClientQuotas.self, AlterClientQuotas.self, ListPartitionReassignments.self,
    ]
    private static let transactions: [any WireAPI.Type] = [
        InitProducerId.self, AddPartitionsToTxn.self, AddOffsetsToTxn.self, TxnOffsetCommit.self, EndTxn.self,
        DescribeTransactions.self, ListTransactions.self,
    ]
    /// Answered with SECURITY_DISABLED until there is security.
    private static let security: [any WireAPI.Type] = [
        SaslHandshake.self, SaslAuthenticate.self, DescribeAcls.self, CreateAcls.self, DeleteAcls.self,
        DescribeUserScramCredentials.self, AlterUserScramCredentials.self,
    ]

    private static let byKey: [Int16: any WireAPI.Type] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.key.rawValue, $0) })

    /// The API with this key, if there is a codec for it.
    package static subscript(_ key: Int16) -> (any WireAPI.Type)? { byKey[key] }
}
