import ArgumentParser

struct TopicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic", abstract: "Create, list, describe and read topics.",
        discussion: """
            EXAMPLES:
              edgebroker topic list --data-dir DIR
              edgebroker topic describe erp.items --data-dir DIR -o json
              edgebroker topic consume erp.items --data-dir DIR --from earliest --exit-at-end
            """,
        subcommands: [TopicCreate.self, TopicList.self, TopicDescribe.self, TopicConsume.self])
}
