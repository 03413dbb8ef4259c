internal import CRdKafka

/// A setting of a topic as a server tells it.
package struct KafkaSetting: Sendable, Equatable {
    package let key: String
    /// `nil`: the server keeps it to itself.
    package let value: String?
    /// Nobody has set it for this topic.
    package let isDefault: Bool
    package let isReadOnly: Bool

    package init(key: String, value: String?, isDefault: Bool, isReadOnly: Bool) {
        self.key = key
        self.value = value
        self.isDefault = isDefault
        self.isReadOnly = isReadOnly
    }
}

extension KafkaAdministrator {
    /// - Throws: `.notFound`.
    package func settings(of topic: String) throws(KafkaClientError) -> [KafkaSetting] {
        let what = "The settings of topic \(topic) cannot be read"
        var resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS) { client, options, queue in
            rd_kafka_DescribeConfigs(client, &resource, 1, options, queue)
        }
        var count = 0
        let resources = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(answer.event), &count)
        try Self.check(what, resources, count)
        guard count > 0, let first = resources?[0] else { return [] }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(first, &entryCount)
        return UnsafeBufferPointer(start: entries, count: entryCount).map { entry in
            KafkaSetting(
                key: String(cString: rd_kafka_ConfigEntry_name(entry)),
                value: rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) },
                isDefault: rd_kafka_ConfigEntry_source(entry) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG,
                isReadOnly: rd_kafka_ConfigEntry_is_read_only(entry) == 1)
        }
    }

    /// Sets exactly these: what is not among them gets its default back. librdkafka 2.0 knows no request that changes single ones.
    ///
    /// - Parameter isDryRun: the server says whether it would, and changes nothing.
    /// - Throws: `.notFound`, `.invalid`; nothing is changed then.
    package func replaceSettings(
        of topic: String, by settings: [(key: String, value: String)], isDryRun: Bool = false
    ) throws(KafkaClientError) {
        let what = "The settings of topic \(topic) were not changed"
        var resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        for (key, value) in settings {
            let response = rd_kafka_ConfigResource_set_config(resource, key, value)
            if response != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError("\(what): setting \(key)", response) }
        }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_ALTERCONFIGS) { client, options, queue in
            if isDryRun { rd_kafka_AdminOptions_set_validate_only(options, 1, nil, 0) }
            rd_kafka_AlterConfigs(client, &resource, 1, options, queue)
        }
        var count = 0
        let resources = rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(answer.event), &count)
        try Self.check(what, resources, count)
    }

    private static func check(
        _ what: String, _ resources: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) throws(KafkaClientError) {
        for resource in UnsafeBufferPointer(start: resources, count: count) {
            let response = rd_kafka_ConfigResource_error(resource)
            if response != RD_KAFKA_RESP_ERR_NO_ERROR {
                throw KafkaClientError(
                    what, response, said: rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) })
            }
        }
    }
}
