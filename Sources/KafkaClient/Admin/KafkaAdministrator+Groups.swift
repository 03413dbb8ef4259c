internal import CRdKafka
package import RecordFormat

/// A consumer group as its coordinator describes it.
package struct KafkaGroup: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package let memberID: String
        package let instanceID: String?
        package let clientID: String
        package let host: String
        /// By topic and number.
        package let partitions: [TopicPartition]
    }

    package struct Server: Sendable, Equatable {
        package let id: Int32
        package let host: String
        package let port: UInt16
    }

    package let name: String
    /// In Kafka's words: `Empty`, `Stable`, …
    package let state: String
    package let assignor: String
    package let members: [Member]
    package let coordinator: Server?
}

/// A consumer group in a list of all.
package struct KafkaGroupListing: Sendable, Equatable {
    package let name: String
    /// In Kafka's words; `nil`: the server, or the library, does not tell.
    package let state: String?
}

extension KafkaAdministrator {
    /// All groups, by name.
    package func groups() throws(KafkaClientError) -> [KafkaGroupListing] {
        let what = "The groups cannot be listed"
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS) { client, options, queue in
            rd_kafka_ListConsumerGroups(client, options, queue)
        }
        let result = rd_kafka_event_ListConsumerGroups_result(answer.event)
        var errorCount = 0
        let errors = rd_kafka_ListConsumerGroups_result_errors(result, &errorCount)
        if errorCount > 0, let error = errors?[0] { throw Self.error(what, error) }
        var count = 0
        let groups = rd_kafka_ListConsumerGroups_result_valid(result, &count)
        return UnsafeBufferPointer(start: groups, count: count)
            .map { group in
                let state = rd_kafka_ConsumerGroupListing_state(group)
                return KafkaGroupListing(
                    name: String(cString: rd_kafka_ConsumerGroupListing_group_id(group)),
                    state: state == RD_KAFKA_CONSUMER_GROUP_STATE_UNKNOWN
                        ? nil : String(cString: rd_kafka_consumer_group_state_name(state)))
            }.sorted { $0.name < $1.name }
    }

    /// - Returns: `nil` for a group that is not there, and for one of the consumer protocol (KIP-848): librdkafka 2.0 asks only for classic
    ///   ones, and servers call the others dead.
    package func group(_ name: String) throws(KafkaClientError) -> KafkaGroup? {
        let what = "Group \(name) cannot be described"
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS) { client, options, queue in
            name.withCString { text in
                var names: [UnsafePointer<CChar>?] = [text]
                rd_kafka_DescribeConsumerGroups(client, &names, 1, options, queue)
            }
        }
        var count = 0
        let groups = rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(answer.event), &count)
        guard count > 0, let group = groups?[0] else { return nil }
        if let error = rd_kafka_ConsumerGroupDescription_error(group) {
            let failure = Self.error(what, error)
            if failure.code == .notFound { return nil }
            throw failure
        }
        let state = rd_kafka_ConsumerGroupDescription_state(group)
        if state == RD_KAFKA_CONSUMER_GROUP_STATE_DEAD { return nil }
        let coordinator = rd_kafka_ConsumerGroupDescription_coordinator(group)
        return KafkaGroup(
            name: name, state: String(cString: rd_kafka_consumer_group_state_name(state)),
            assignor: rd_kafka_ConsumerGroupDescription_partition_assignor(group).map { String(cString: $0) } ?? "",
            members: (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).map {
                Self.member(rd_kafka_ConsumerGroupDescription_member(group, $0))
            },
            coordinator: coordinator.map {
                KafkaGroup.Server(
                    id: rd_kafka_Node_id($0), host: rd_kafka_Node_host($0).map { String(cString: $0) } ?? "",
                    port: rd_kafka_Node_port($0))
            })
    }

    private static func member(_ member: OpaquePointer?) -> KafkaGroup.Member {
        let assignment = rd_kafka_MemberDescription_assignment(member)
            .flatMap { rd_kafka_MemberAssignment_partitions($0) }
        return KafkaGroup.Member(
            memberID: rd_kafka_MemberDescription_consumer_id(member).map { String(cString: $0) } ?? "",
            instanceID: rd_kafka_MemberDescription_group_instance_id(member).map { String(cString: $0) },
            clientID: rd_kafka_MemberDescription_client_id(member).map { String(cString: $0) } ?? "",
            host: rd_kafka_MemberDescription_host(member).map { String(cString: $0) } ?? "",
            partitions: PartitionList.entries(of: assignment).map(\.partition)
                .sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) })
    }

    /// - Throws: `.notFound`, `.busy` if it has members.
    package func deleteGroup(_ name: String) throws(KafkaClientError) {
        let what = "Group \(name) was not deleted"
        var group = rd_kafka_DeleteGroup_new(name)
        defer { rd_kafka_DeleteGroup_destroy(group) }
        let answer = try handle.request(what, RD_KAFKA_ADMIN_OP_DELETEGROUPS) { client, options, queue in
            rd_kafka_DeleteGroups(client, &group, 1, options, queue)
        }
        var count = 0
        let groups = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer.event), &count)
        for group in UnsafeBufferPointer(start: groups, count: count) {
            if let error = rd_kafka_group_result_error(group) { throw Self.error(what, error) }
        }
    }

    static func error(_ what: String, _ error: OpaquePointer) -> KafkaClientError {
        KafkaClientError(what, rd_kafka_error_code(error), said: String(cString: rd_kafka_error_string(error)))
    }
}
