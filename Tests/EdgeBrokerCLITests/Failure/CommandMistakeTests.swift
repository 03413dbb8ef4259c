import Testing

@testable import EdgeBrokerCLI

@Suite("A word of the command line that names nothing") struct CommandMistakeTests {
    @Test(
        "is told before what is missing because of it",
        arguments: [
            (
                "topc list",
                "There is no command 'topc'. Did you mean 'topic'? There are serve, demo, flow, topic, group, log and bench."
            ),
            (
                "group lst",
                "There is no command 'group lst'. Did you mean 'list'? There are list, describe, seek and delete."
            ),
            (
                "topic list --bootstrap-sever h:1",
                "Unknown option '--bootstrap-sever'. Did you mean '--bootstrap-server'?"
            ),
            ("topic consume t -o -5 -q -b h:1", "Unknown option '-q'."),
            ("topic consume t --xyz=1", "Unknown option '--xyz'."),
        ])
    func unknown(_ words: String, _ line: String) {
        #expect(CommandMistake.line(words.split(separator: " ").map(String.init), of: EdgeBrokerCommand.self) == line)
    }

    @Test(
        "is not a value, nor what stands behind --",
        arguments: [
            "topic list", "help topc", "topic consume t -e -o -5 --from -2 -b h:1", "topic consume t -f --oops",
            "topic consume -- --oops", "--version", "topic consume t -c=5",
        ])
    func known(_ words: String) {
        #expect(CommandMistake.line(words.split(separator: " ").map(String.init), of: EdgeBrokerCommand.self) == nil)
    }

    @Test("is found among the options of Kafka's tools")
    func persona() {
        #expect(
            CommandMistake.line(["--lst", "--bootstrap-server", "h:1"], of: KafkaTopics.self)
                == "Unknown option '--lst'. Did you mean '--list'?")
        #expect(CommandMistake.line(["--list", "--topic", "t", "--config", "a=b"], of: KafkaTopics.self) == nil)
    }
}
