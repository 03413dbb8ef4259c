import EdgeBroker
import KafkaClient
import RecordFormat

/// A log behind a server that speaks Kafka, ours or another.
struct ServedLog: LogPlace {
    let client: ClientProperties
    private let administrator: KafkaAdministrator

    /// - Throws: for a property that does not exist; nothing is connected yet.
    init(_ properties: ClientProperties) throws {
        var own = ClientProperties()
        own.set("client.id", "edgebroker")
        client = own.with(properties)
        administrator = try KafkaAdministrator(client)
    }

    /// Asks on a thread of its own; a cancelled task stops the wait.
    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (KafkaAdministrator) throws -> Answer
    ) async throws -> Answer {
        try await withTaskCancellationHandler {
            try await onOwnThread { [administrator] in try question(administrator) }
        } onCancel: {
            administrator.interrupt()
        }
    }

    func topics() async throws -> [TopicView] { try await ask { try $0.views(of: try $0.topics()) } }

    func topic(_ name: String) async throws -> TopicView {
        try await ask { administrator in
            guard var view = try administrator.views(of: [try administrator.topic(name)]).first else {
                throw Failure(.notFound, "There is no topic \(name). `topic list` tells which there are.")
            }
            if view.partitions.isEmpty {
                throw Failure(.unreachable, "Topic \(name) has no partitions at the moment. Try again.")
            }
            view.settings = try administrator.settingViews(of: name)
            return view
        }
    }

    func createTopic(
        _ name: String, partitions: Int32?, replicas: Int32?, settings: [SettingArgument]
    ) async throws -> TopicView {
        try await ask { administrator in
            try administrator.createTopic(
                name, partitions: partitions, replicas: replicas, settings: settings.map { ($0.key, $0.value) })
            // A cluster may take a moment to tell all its servers; how many partitions were asked for is known.
            let count = try partitions ?? administrator.partitionCountIfTold(name)
            return TopicView(
                name: name,
                partitions: (0..<max(0, count)).map { PartitionView(index: $0, logStart: .zero, highWatermark: .zero) })
        }
    }

    func alterTopic(_ name: String, _ changes: [TopicSettingChange], partitions: Int32?) async throws -> TopicView {
        try await ask { administrator in
            _ = try administrator.topic(name)
            var settings: [(key: String, value: String)] = []
            if !changes.isEmpty { settings = ChangedSettings.after(changes, of: try administrator.settings(of: name)) }
            if let partitions {
                // So that a wrong setting, or a number that cannot be, leaves all as it is: servers do not try a number as thoroughly.
                if !changes.isEmpty { try administrator.replaceSettings(of: name, by: settings, isDryRun: true) }
                try administrator.createPartitions(name, total: partitions)
            }
            if !changes.isEmpty { try administrator.replaceSettings(of: name, by: settings) }
        }
        return try await topic(name)
    }

    func deleteTopic(_ name: String) async throws { try await ask { try $0.deleteTopic(name) } }

    func starts(_ start: ConsumeStart, in topic: TopicView) async throws -> [PartitionStart] {
        var atTime: [TopicPartition: Offset] = [:]
        if case .time(let time) = start { atTime = try await ask { try $0.offsets(.time(time), in: topic.names) } }
        return topic.partitions.map { partition in
            let name = TopicPartition(topic: topic.name, partition: partition.index)
            let offset =
                switch start {
                case .earliest, .stored: partition.logStart
                case .latest: partition.highWatermark
                case .offset(let offset): offset
                case .tail(let count): partition.tail(count)
                case .time: atTime[name] ?? partition.highWatermark
                }
            return PartitionStart(partition: name, offset: offset)
        }
    }

    func appender(to topic: TopicView) async throws -> any RecordAppender { try ServedAppender(client, topic) }
}

extension KafkaAdministrator {
    /// - Returns: 0 if the server that is asked knows nothing of the topic yet.
    fileprivate func partitionCountIfTold(_ name: String) throws(KafkaClientError) -> Int32 {
        do throws(KafkaClientError) {
            return Int32(try topic(name).partitions.count)
        } catch {
            if error.code == .notFound { return 0 }
            throw error
        }
    }

    /// The same topics with their offsets, without settings.
    fileprivate func views(of topics: [KafkaTopic]) throws -> [TopicView] {
        // A partition without a leader cannot be asked.
        let names = topics.flatMap { topic in
            topic.partitions.filter { $0.leader != nil }.map { TopicPartition(topic: topic.name, partition: $0.index) }
        }
        let starts = try offsets(.logStart, in: names)
        let ends = try offsets(.highWatermark, in: names)
        return topics.map { topic in
            TopicView(
                name: topic.name,
                partitions: topic.partitions.map { partition in
                    let name = TopicPartition(topic: topic.name, partition: partition.index)
                    return PartitionView(
                        index: partition.index, logStart: starts[name] ?? .zero, highWatermark: ends[name] ?? .zero,
                        replicas: PartitionReplicas(
                            leader: partition.leader, all: partition.replicas, inSync: partition.inSync))
                })
        }
    }

    /// - Returns: none where reading them is refused: whoever may read records need not have the right to that.
    fileprivate func settingViews(of topic: String) throws -> [SettingView] {
        let settings: [KafkaSetting]
        do throws(KafkaClientError) {
            settings = try self.settings(of: topic)
        } catch {
            if error.code == .refused || error.code == .unsupported { return [] }
            throw error
        }
        return settings.map {
            SettingView(key: $0.key, value: $0.value ?? "", isDefault: $0.isDefault, isFixed: $0.isReadOnly)
        }
    }
}
