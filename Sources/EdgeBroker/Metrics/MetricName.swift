/// Every metric: the one table of the names. docs/metrics.md says what they mean.
///
/// Those of `kafka_exporter` stand as they are, so that its dashboards and alerts fit.
enum MetricName: String, CaseIterable, Sendable {
    // As kafka_exporter has them.
    case brokers = "kafka_brokers"
    case topicPartitions = "kafka_topic_partitions"
    case currentOffset = "kafka_topic_partition_current_offset"
    case oldestOffset = "kafka_topic_partition_oldest_offset"
    case leader = "kafka_topic_partition_leader"
    case replicas = "kafka_topic_partition_replicas"
    case inSyncReplicas = "kafka_topic_partition_in_sync_replica"
    case underReplicated = "kafka_topic_partition_under_replicated_partition"
    case groupOffset = "kafka_consumergroup_current_offset"
    case groupOffsetSum = "kafka_consumergroup_current_offset_sum"
    case groupLag = "kafka_consumergroup_lag"
    case groupLagSum = "kafka_consumergroup_lag_sum"
    case groupMembers = "kafka_consumergroup_members"

    // The log.
    case logBytes = "edgebroker_log_bytes"
    case logEnd = "edgebroker_log_end_offset"
    case usedBytes = "edgebroker_log_used_bytes"
    case appendBatches = "edgebroker_log_append_batches_total"
    case appendBytes = "edgebroker_log_append_bytes_total"
    case rounds = "edgebroker_log_commit_rounds_total"
    case syncs = "edgebroker_log_syncs_total"
    case appendTime = "edgebroker_log_append_seconds"
    case syncTime = "edgebroker_log_fsync_seconds"
    case damages = "edgebroker_log_damages"
    case recoveryTime = "edgebroker_log_recovery_seconds"
    case recoveryBytes = "edgebroker_log_recovery_bytes"
    case partitionsClosed = "edgebroker_partitions_closed_total"
    case partitionsOpened = "edgebroker_partitions_opened_total"

    // Reading.
    case fetches = "edgebroker_fetches_total"
    case fetchedRecords = "edgebroker_fetched_records_total"

    // The disk.
    case budget = "edgebroker_disk_budget_bytes"
    case reserve = "edgebroker_disk_reserve_bytes"
    case free = "edgebroker_disk_free_bytes"
    case isFull = "edgebroker_disk_full"
    case dropped = "edgebroker_dropped_records_total"

    // Maintenance.
    case compactions = "edgebroker_compactions_total"
    case compactedBytes = "edgebroker_compaction_removed_bytes_total"
    case failures = "edgebroker_maintenance_failures_total"
}

extension Broker {
    package static let metricNames = MetricName.allCases.map(\.rawValue)
}
