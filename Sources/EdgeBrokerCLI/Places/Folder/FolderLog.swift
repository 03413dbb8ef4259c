import EdgeBroker
import Glibc
import RecordFormat

/// A log in a folder that this process has opened.
struct FolderLog: LogPlace {
    let broker: Broker

    /// Opens the folder for as long as `body` runs.
    /// - Parameter creates: whether one that is not there yet is made; otherwise that is status 66.
    static func with<Result>(
        _ folder: String, creates: Bool, _ body: (FolderLog) async throws -> Result
    ) async throws -> Result {
        if !creates, access(folder + "/meta.properties", F_OK) != 0, errno == ENOENT || errno == ENOTDIR {
            var status = stat()
            if stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
                throw Failure(.cannotCreate, "\(folder) is not a folder. Name the folder that `data_dir` names.")
            }
            throw Failure(.notFound, "\(folder) holds no log. Check the path; `topic create` or `serve` make one.")
        }
        var configuration = BrokerConfiguration(dataDirectory: folder)
        // How much may be kept is the server's to know.
        configuration.isMaintained = false
        configuration.onRecoveryProgress = ProgressLine.recovery()
        let logger = LogLevel.warning.logger
        configuration.onEvent = { logger.log($0) }
        let broker = try await Broker.open(configuration, logger: logger)
        do {
            let result = try await body(FolderLog(broker: broker))
            await broker.close()
            return result
        } catch {
            await broker.close()
            throw error
        }
    }

    func topics() async throws -> [TopicView] {
        broker.admin.topics().map(TopicView.init).sorted { $0.name < $1.name }
    }

    func topic(_ name: String) async throws -> TopicView { TopicView(try broker.admin.describe(name)) }

    func createTopic(
        _ name: String, partitions: Int32?, replicas: Int32?, settings: [SettingArgument]
    ) async throws -> TopicView {
        let configuration = try TopicConfiguration(
            partitionCount: partitions ?? 1, settings: settings.map { ($0.key, $0.value) })
        return TopicView(try await broker.admin.createTopic(name, configuration))
    }

    func alterTopic(
        _ name: String, _ changes: [TopicSettingChange], partitions: Int32?
    ) async throws -> TopicView {
        var topic = try broker.admin.describe(name)
        if let partitions { try Self.check(topic, canHave: partitions) }
        if !changes.isEmpty { topic = try await broker.admin.alterTopic(name, changes) }
        if let partitions { topic = try await broker.admin.createPartitions(name, total: partitions) }
        return TopicView(topic)
    }

    /// What the broker would refuse only when the settings are changed already.
    private static func check(_ topic: TopicDescription, canHave partitions: Int32) throws(Failure) {
        let count = topic.partitions.count
        if let slot = topic.owner {
            throw Failure(
                .refused,
                "Topic \(topic.name) is captured by slot \(slot), which writes one partition. Leave it as it is.")
        }
        if partitions <= count {
            throw Failure(
                .usage,
                "Topic \(topic.name) has \(count) partitions; \(partitions) are not more. Partitions can only be added: their records cannot be put together again."
            )
        }
        let most = TopicConfiguration.partitionCounts.upperBound
        if partitions > most {
            throw Failure(.usage, "A topic has at most \(most) partitions; \(partitions) were asked for.")
        }
    }

    func deleteTopic(_ name: String) async throws { try await broker.admin.deleteTopic(name) }

    func starts(_ start: ConsumeStart, in topic: TopicView) async throws -> [PartitionStart] {
        topic.partitions.map { partition in
            let name = TopicPartition(topic: topic.name, partition: partition.index)
            return switch start {
            case .earliest, .stored: PartitionStart(partition: name, offset: partition.logStart)
            case .latest: PartitionStart(partition: name, offset: partition.highWatermark)
            case .offset(let offset): PartitionStart(partition: name, offset: offset)
            case .tail(let count): PartitionStart(partition: name, offset: partition.tail(count))
            case .time(let time): PartitionStart(partition: name, offset: partition.logStart, notBefore: time)
            }
        }
    }

    func appender(to topic: TopicView) async throws -> any RecordAppender { FolderAppender(broker, topic) }
}

extension TopicView {
    fileprivate init(_ topic: TopicDescription) {
        self.init(
            name: topic.name, id: topic.id, owner: topic.owner,
            partitions: topic.partitions.map {
                PartitionView(
                    index: $0.index, logStart: $0.logStart, highWatermark: $0.highWatermark, logEnd: $0.logEnd,
                    sizeInBytes: Int64($0.sizeInBytes))
            },
            settings: topic.settings.map {
                SettingView(key: $0.key, value: $0.value, isDefault: $0.isDefault, isFixed: $0.isFixed)
            })
    }
}

extension PartitionView {
    /// The offset of the last `count` records.
    func tail(_ count: Int64) -> Offset { Offset(max(logStart.rawValue, highWatermark.rawValue - count)) }
}
