import ArgumentParser
import EdgeBroker
import FlowFile
import Glibc
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run everything that a configuration file names.",
        discussion: """
            Prints `ready in N ms` on standard error. SIGTERM ends it with exit status 0 within 10 s, Ctrl-C with 130; a second \
            signal ends it at once. A source or target that does not answer is tried again without end; a flow that cannot go on \
            says why in one line and ends the server with that error's status.

            EXAMPLES:
              edgebroker serve --config /etc/edgebroker/edgebroker.yaml
            """)

    @Option(
        help: ArgumentHelp("The plant's configuration: docs/flow-reference.md tells what is in it.", valueName: "file"))
    var config: String

    @Option(help: "How much is said on standard error.")
    var logLevel = LogLevel.info

    func run() async throws {
        let start = BenchClock.monotonic()
        // Whoever read our standard error may go away; the plant must not stop for it.
        signal(SIGPIPE, SIG_IGN)
        let logger = logLevel.logger
        let signals = StopSignals { logger.info("Stopping", metadata: ["signal": "\($0)"]) }
        let plant = try ConfigurationFiles.plant(at: config)
        for warning in plant.warnings { logger.warning("\(warning)") }
        let plans = try plant.value.flows.map { flow throws(Failure) in try FlowPlan(flow) }
        var configuration = plant.value.configuration.broker
        configuration.onRecoveryProgress = ProgressLine.recovery()
        configuration.onEvent = { logger.log($0) }
        let broker = try await Broker.open(configuration, logger: logger)
        let status: ExitStatus
        do {
            status = try await KafkaServing.with(plant.value.configuration.kafka, broker, logger) {
                try await PlantRun(broker: broker, plans: plans, logger: logger).run(until: signals) {
                    Console.talk("ready in \((BenchClock.monotonic() - start) / 1_000_000) ms")
                }
            }
        } catch {
            await broker.close()
            throw error
        }
        await broker.close()
        logger.info("Stopped")
        if status != .done { throw status }
    }
}

extension PlantConfiguration {
    /// What the broker has to know of it.
    fileprivate var broker: BrokerConfiguration {
        var configuration = BrokerConfiguration(dataDirectory: dataDirectory)
        if let budget = disk.budget { configuration.diskLimit = .bytes(budget.bytes) }
        configuration.diskReserve = disk.reserve?.bytes
        return configuration
    }
}
