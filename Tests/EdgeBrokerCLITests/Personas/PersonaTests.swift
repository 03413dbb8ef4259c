import ArgumentParser
import Testing

@testable import EdgeBrokerCLI

@Suite("Called by another name, the binary") struct PersonaTests {
    @Test(
        "stands in for Kafka's tool of that name",
        arguments: [
            ("kafka-topics", Persona.topics), ("/usr/local/bin/kafka-topics.sh", .topics),
            ("./kafka-console-producer", .consoleProducer), ("kafka-console-consumer.sh", .consoleConsumer),
            ("bin/kafka-consumer-groups", .consumerGroups), ("kafka-get-offsets", .getOffsets),
        ])
    func names(_ program: String, _ persona: Persona) {
        #expect(Persona(program: program) == persona)
        #expect(persona.command.configuration.commandName == persona.rawValue)
    }

    @Test(
        "is itself under any other",
        arguments: ["edgebroker", "", "/", "kafka-acls", "kafka-topics.sh.sh", "kafka-topics/x", "kafka-topics.exe"])
    func others(_ program: String) { #expect(Persona(program: program) == nil) }

    @Test("says why it does not offer an option that Kafka's tool has", arguments: Persona.allCases)
    func refused(_ persona: Persona) {
        #expect(persona.refusedOptions.isEmpty == (persona == .getOffsets))
        for (option, why) in persona.refusedOptions {
            let words = ["--bootstrap-server", "h:1", option, "x"]
            #expect(throws: (any Error).self) { try persona.command.parseAsRoot(words) }
            let line = CommandMistake.line(words, of: persona.command, refused: persona.refusedOptions)
            #expect(line == "\(option) is not offered. \(why)")
        }
    }

    @Test("says which option it does not know", arguments: Persona.allCases)
    func unknown(_ persona: Persona) {
        let line = ["--bootstrap-server", "h:1", "--topic", "t", "--colour"]
        let command = persona.command
        let error = #expect(throws: (any Error).self) { try command.parseAsRoot(line) }
        #expect(error.map { command.fullMessage(for: $0).contains("'--colour'") } == true)
    }
}
