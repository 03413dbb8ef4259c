import ArgumentParser

struct TopicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic", abstract: "Create, change, read and write topics.",
        discussion: """
            EXAMPLES:
              edgebroker topic list --data-dir DIR
              edgebroker topic describe erp.items --data-dir DIR -o json
              edgebroker topic produce telemetry --data-dir DIR < lines.txt
              edgebroker topic consume erp.items --data-dir DIR --from earliest \\
                --exit-at-end
              edgebroker topic consume erp.items --bootstrap-server localhost:9092 \\
                -f '%k %s\\n'
            """,
        subcommands: [
            TopicCreate.self, TopicList.self, TopicDescribe.self, TopicAlter.self, TopicDelete.self, TopicProduce.self,
            TopicConsume.self,
        ])
}
