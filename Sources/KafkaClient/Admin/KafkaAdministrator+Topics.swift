internal import CRdKafka

extension KafkaAdministrator {
    /// Every topic, by name; internal ones among them.
    package func topics() throws(KafkaClientError) -> [KafkaTopic] {
        try handle.metadata(.all).topics().filter { $0.error == RD_KAFKA_RESP_ERR_NO_ERROR }.map(\.topic)
            .sorted { $0.name < $1.name }
    }

    /// - Throws: `.notFound`.
    package func topic(_ name: String) throws(KafkaClientError) -> KafkaTopic {
        guard let found = try handle.metadata(.topic(name)).topics().first else {
            throw KafkaClientError("Topic \(name)", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
        // A name that no topic may have is no topic's either.
        if found.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || found.error == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION {
            throw KafkaClientError(
                .notFound, responseCode: found.error.rawValue, "There is no topic \(name).",
                remedy: "`topic list` tells which there are.")
        }
        // A leader may be missing for a moment; partitions that have one can be asked all the same.
        if found.error != RD_KAFKA_RESP_ERR_NO_ERROR, found.topic.partitions.isEmpty {
            throw KafkaClientError("Topic \(name)", found.error)
        }
        return found.topic
    }

    /// - Parameters:
    ///   - partitions: `nil`: as many as the server thinks right.
    ///   - replicas: `nil`: likewise.
    /// - Throws: `.topicExists`, `.invalid`.
    package func createTopic(
        _ name: String, partitions: Int32?, replicas: Int32?, settings: [(key: String, value: String)]
    ) throws(KafkaClientError) {
        let what = "Topic \(name) was not created"
        var text = [CChar](repeating: 0, count: 512)
        var topic = rd_kafka_NewTopic_new(name, partitions ?? -1, replicas ?? -1, &text, text.count)
        guard topic != nil else {
            throw KafkaClientError(what, RD_KAFKA_RESP_ERR__INVALID_ARG, said: Self.string(text))
        }
        defer { rd_kafka_NewTopic_destroy(topic) }
        for (key, value) in settings {
            let response = rd_kafka_NewTopic_set_config(topic, key, value)
            if response != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaClientError("\(what): setting \(key)", response) }
        }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_CREATETOPICS) { client, options, queue in
            rd_kafka_CreateTopics(client, &topic, 1, options, queue)
        }
        var count = 0
        let topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.event), &count)
        try Self.check(what, topics, count)
    }

    /// - Throws: `.notFound`.
    package func deleteTopic(_ name: String) throws(KafkaClientError) {
        let what = "Topic \(name) was not deleted"
        var topic = rd_kafka_DeleteTopic_new(name)
        defer { rd_kafka_DeleteTopic_destroy(topic) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DELETETOPICS) { client, options, queue in
            rd_kafka_DeleteTopics(client, &topic, 1, options, queue)
        }
        var count = 0
        let topics = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer.event), &count)
        try Self.check(what, topics, count)
    }

    /// - Parameter total: more than the topic has.
    /// - Throws: `.notFound`, `.invalid`.
    package func createPartitions(_ name: String, total: Int32) throws(KafkaClientError) {
        let what = "Topic \(name) got no more partitions"
        var text = [CChar](repeating: 0, count: 512)
        var partitions = rd_kafka_NewPartitions_new(name, Int(total), &text, text.count)
        guard partitions != nil else {
            throw KafkaClientError(what, RD_KAFKA_RESP_ERR__INVALID_ARG, said: Self.string(text))
        }
        defer { rd_kafka_NewPartitions_destroy(partitions) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS) { client, options, queue in
            rd_kafka_CreatePartitions(client, &partitions, 1, options, queue)
        }
        var count = 0
        let topics = rd_kafka_CreatePartitions_result_topics(
            rd_kafka_event_CreatePartitions_result(answer.event), &count)
        try Self.check(what, topics, count)
    }

    private static func check(
        _ what: String, _ topics: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) throws(KafkaClientError) {
        for topic in UnsafeBufferPointer(start: topics, count: count) {
            let response = rd_kafka_topic_result_error(topic)
            if response != RD_KAFKA_RESP_ERR_NO_ERROR {
                throw KafkaClientError(
                    what, response, said: rd_kafka_topic_result_error_string(topic).map { String(cString: $0) })
            }
        }
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
