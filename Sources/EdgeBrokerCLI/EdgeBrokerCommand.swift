import ArgumentParser

/// The whole command line: nouns, then verbs.
struct EdgeBrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edgebroker",
        abstract: "Carries every change of an ERP's Postgres into a plant's MES database, exactly once in effect.",
        discussion: """
            EXAMPLES:
              edgebroker demo --seconds 20
              edgebroker flow check flows/erp-to-mes.yaml
              edgebroker serve --config /etc/edgebroker/edgebroker.yaml
              edgebroker topic list --data-dir DIR
              edgebroker topic consume erp.items --bootstrap-server localhost:9092 -o -5 \\
                -e -f '%p %o %k: %s\\n'
              edgebroker group describe mes --bootstrap-server localhost:9092
              edgebroker log verify DIR

            Data goes to standard output, everything else to standard error. Through a link named kafka-topics, kafka-console-producer, \
            kafka-console-consumer, kafka-consumer-groups or kafka-get-offsets it understands that tool's options.

            EXIT STATUS:
              0 done    64 usage           69 unreachable     75 busy or locked
                        65 unusable data   70 our bug         77 refused
                        66 not found       73 cannot create   78 configuration
                                           74 I/O error      130 Ctrl-C
              `log verify`: 0 sound, 1 unexplained loss, 2 damage, 3 cannot tell
            """,
        version: "edgebroker \(Version.current)",
        subcommands: [
            ServeCommand.self, DemoCommand.self, FlowCommand.self, TopicCommand.self, GroupCommand.self,
            LogCommand.self, BenchCommand.self,
        ])
}
