import ArgumentParser
import EdgeBroker
import Glibc

/// Where the verbs on topics find the log.
struct DataDirectoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the log. Refused while a server has it open.", valueName: "dir"))
    var dataDir: String?

    @Option(help: ArgumentHelp("A Kafka server to ask instead. Not built yet.", valueName: "host:port"))
    var bootstrapServer: String?

    func validate() throws {
        if bootstrapServer != nil {
            throw ValidationError("--bootstrap-server is not built yet; use --data-dir.")
        }
        if dataDir == nil { throw ValidationError("Missing expected argument '--data-dir <dir>'.") }
    }

    /// Opens the log for as long as `body` runs.
    /// - Parameter creates: whether a folder that is not there yet is made; otherwise that is status 66.
    func withBroker<Result>(
        creates: Bool = false, _ body: (Broker) async throws -> Result
    ) async throws -> Result {
        guard let dataDir else { preconditionFailure("validate() was not called") }
        if !creates, access(dataDir + "/meta.properties", F_OK) != 0, errno == ENOENT || errno == ENOTDIR {
            var status = stat()
            if stat(dataDir, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
                throw Failure(.cannotCreate, "\(dataDir) is not a folder. Name the folder that `data_dir` names.")
            }
            throw Failure(.notFound, "\(dataDir) holds no log. Check the path; `topic create` or `serve` make one.")
        }
        var configuration = BrokerConfiguration(dataDirectory: dataDir)
        // How much may be kept is the server's to know.
        configuration.isMaintained = false
        configuration.onRecoveryProgress = ProgressLine.recovery()
        let logger = LogLevel.warning.logger
        configuration.onEvent = { logger.log($0) }
        let broker = try await Broker.open(configuration, logger: logger)
        do {
            let result = try await body(broker)
            await broker.close()
            return result
        } catch {
            await broker.close()
            throw error
        }
    }
}
