internal import CRdKafka

/// What one of Kafka's error numbers means to whoever asked, and what can be done.
///
/// https://kafka.apache.org/protocol#protocol_error_codes; negative ones are librdkafka's.
enum ResponseMeaning {
    static func of(_ response: rd_kafka_resp_err_t) -> (code: KafkaClientError.Code, remedy: String) {
        switch response {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__WAIT_COORD,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
            (.unreachable, "Check that the server runs and that its address is right, and try again.")
        case RD_KAFKA_RESP_ERR__RESOLVE: (.unreachable, "Check the name of the host.")
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
            (.refused, "Check sasl.mechanism, sasl.username and sasl.password.")
        case RD_KAFKA_RESP_ERR__SSL: (.refused, "Check security.protocol and ssl.ca.location.")
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            (.refused, "Ask the server's owner for the right, or use another topic or group.")
        case RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
            RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED:
            (.refused, "The server does not allow it to anybody.")
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            (.notFound, "`topic list` and `topic describe` tell what there is.")
        case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, RD_KAFKA_RESP_ERR__UNKNOWN_GROUP:
            (.notFound, "`group list` tells which there are.")
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
            (.topicExists, "Choose another name, or use the one that is there.")
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
            (.offsetOutOfRange, "`topic describe` tells which offsets there are.")
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            (.tooLarge, "Raise the topic's max.message.bytes, and with -X the client's message.max.bytes.")
        case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
            (.busy, "The group has members: stop them first, or wait until their sessions are over.")
        case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
            RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
            (.busy, "Try again.")
        case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
            (.storage, "The server's own log says why.")
        case RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
            (.damaged, "On the server `edgebroker log verify` names the range.")
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE,
            RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
            (.unsupported, "The server is too old for it, or does not offer it.")
        case RD_KAFKA_RESP_ERR_INVALID_RECORD:
            (.invalid, "Records of a compacted topic need a key: `topic produce -K SEPARATOR`.")
        case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
            RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT,
            RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_INVALID_REQUEST, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT,
            RD_KAFKA_RESP_ERR__INVALID_ARG:
            (.invalid, "Correct it and try again.")
        default: (.server, "The server's own log may say more.")
        }
    }
}
