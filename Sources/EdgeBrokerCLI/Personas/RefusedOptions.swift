extension Persona {
    /// Options of Kafka's tool that this one does not have: why, and what to do instead.
    var refusedOptions: [String: String] {
        switch self {
        case .topics:
            [
                "--delete-config": "Settings are changed by `edgebroker topic alter NAME --delete KEY`.",
                "--replica-assignment": "The server says where replicas go: leave it out.",
                "--topic-id": "librdkafka does not tell ids of topics: name the topic with --topic.",
                "--topic-id-type": "librdkafka does not tell ids of topics: name the topic with --topic.",
                "--disable-rack-aware": "The server says where replicas go: leave it out.",
                "--partition-size-limit-per-response": "All topics are asked for at once: leave it out.",
                "--zookeeper": "There is none: give --bootstrap-server.",
            ]
        case .consoleProducer:
            [
                "--line-reader": "Classes of Java cannot be run here: leave it out, and use --reader-property.",
                "--max-block-ms": "Lines wait for as long as it takes: leave it out.",
            ]
        case .consoleConsumer:
            [
                "--formatter":
                    "Classes of Java cannot be run here: leave it out, and use --formatter-property; `edgebroker topic consume -f` has formats.",
                "--skip-message-on-error":
                    "No record fails to be printed here: bytes are printed as they are. Leave it out.",
                "--enable-systest-events": "That is for the tests of Kafka itself: leave it out.",
                "--whitelist": "Kafka's tool calls it --include by now.",
                "--new-consumer": "There is no other: leave it out.",
                "--zookeeper": "There is none: give --bootstrap-server.",
            ]
        case .consumerGroups:
            [
                "--type":
                    "librdkafka does not tell types of groups: leave it out; `edgebroker group describe NAME --data-dir DIR` tells the type of one.",
                "--validate-regex": "Patterns of topics are the server's to check: leave it out.",
                "--zookeeper": "There is none: give --bootstrap-server.",
            ]
        case .getOffsets: [:]
        }
    }
}
