import EdgeBroker
import LogStore
import RecordFormat

/// Everything that a broker tells its clients: batches and records, and what else is asked for.
struct Answers: Sendable {
    struct OfPartition: Sendable {
        var logStart: Int64 = 0
        var end: Int64 = 0
        var highWatermark: Int64 = 0
        /// By base offset.
        var batches: [Int64: [UInt8]] = [:]
        /// By offset, of what consumers may see.
        var records: [Int64: StoredRecord] = [:]
        /// What a read said is damaged.
        var refused: [Range<Int64>] = []
        var asked = Asked()
        /// Of the newest batch that could be read.
        var newestEpoch: Int32 = -1

        func isRefused(_ offset: Int64) -> Bool { refused.contains { $0.contains(offset) } }
    }

    /// What is answered from indexes and other files beside the log.
    struct Asked: Sendable, Equatable {
        var aborted: [AbortedTransaction] = []
        var epochs = LeaderEpochs()
        /// The first offset at or after some times.
        var times: [Int64?] = []
        var producers: String = ""
    }

    struct OfTopic: Sendable, Equatable {
        let name: String
        let id: String
        let configuration: TopicConfiguration
        let partitions: Int
    }

    var partitions: [TopicPartition: OfPartition] = [:]
    var topics: [OfTopic] = []
    var groups: [String: [TopicPartition: CommittedOffset]] = [:]
    /// `nil` if the source does not go on.
    var source: SourceState?

    /// - Parameter isShort: only what is read, nothing that is asked for besides.
    init(of broker: Broker, isShort: Bool = false) throws(Violation) {
        for partition in broker.directory.partitions {
            partitions[partition.topicPartition] = try Self.partition(partition, of: broker, isShort: isShort)
        }
        var decoder = RecordDecoder()
        for topic in broker.admin.topics() {
            topics.append(
                OfTopic(
                    name: topic.name, id: topic.id, configuration: topic.configuration,
                    partitions: topic.partitions.count))
            for partition in topic.partitions {
                try readRecords(TopicPartition(topic: topic.name, partition: partition.index), of: broker, &decoder)
            }
        }
        if isShort { return }
        for group in broker.groupsWithOffsets { groups[group] = broker.committedOffsets(of: group) }
        do throws(BrokerError) {
            source = try broker.sourceNow(slot: PlantFolder.slot).beginNow()
        } catch {
            source = nil
        }
    }

    // MARK: Batches

    private static func partition(
        _ partition: Partition, of broker: Broker, isShort: Bool
    ) throws(Violation) -> OfPartition {
        let name = partition.topicPartition
        var answer = OfPartition()
        answer.logStart = partition.logStart.rawValue
        answer.end = partition.syncedEnd.rawValue
        answer.highWatermark = broker.directory.highWatermark(of: partition).rawValue
        var next = answer.logStart
        while next < answer.end {
            do throws(LogStoreError) {
                let read = try broker.directory.read(
                    partition, from: Offset(next), upTo: partition.syncedEnd, maxBytes: 4096)
                for batch in read.batches { try note(batch, in: &answer, name) }
                if read.nextOffset.rawValue <= next {
                    throw LogStoreError(.storage, "A read at \(next) gives nothing.", remedy: "")
                }
                next = read.nextOffset.rawValue
            } catch {
                let good = min(error.nextReadable?.rawValue ?? answer.end, answer.end)
                guard error.code == .corrupt, good > next else { throw Violation("\(name) offset \(next): \(error)") }
                answer.refused.append(next..<good)
                next = good
            }
        }
        if !isShort { answer.asked = try asked(partition, answer, of: broker) }
        return answer
    }

    private static func note(
        _ batch: [UInt8], in answer: inout OfPartition, _ name: TopicPartition
    ) throws(LogStoreError) {
        do throws(RecordFormatError) {
            let header = try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try RecordBatchHeader.validate(bytes)
            }
            answer.batches[header.baseOffset.rawValue] = batch
            answer.newestEpoch = max(answer.newestEpoch, header.partitionLeaderEpoch)
        } catch {
            throw LogStoreError(.storage, "\(name): a batch that is not whole was served: \(error)", remedy: "")
        }
    }

    private static func asked(
        _ partition: Partition, _ answer: OfPartition, of broker: Broker
    ) throws(Violation) -> Asked {
        var asked = Asked()
        do throws(LogStoreError) {
            asked.aborted = try broker.directory.abortedTransactions(
                in: partition, overlapping: partition.logStart..<partition.syncedEnd)
            asked.epochs = try broker.directory.leaderEpochs(of: partition)
            asked.producers = Self.text(try broker.directory.producers(of: partition))
            for seconds in stride(from: Int64(0), to: 60, by: 20) {
                let time = Timestamp(millisecondsSince1970: PlantBuilder.start + seconds * 1000)
                asked.times.append(
                    try broker.directory.offset(in: partition, at: time, upTo: partition.syncedEnd)?.offset.rawValue)
            }
        } catch {
            // Where the record that is looked for is damaged, there is no answer.
            if error.code != .corrupt { throw Violation("\(partition.topicPartition) is asked: \(error)") }
        }
        return asked
    }

    /// Without the times of their appends: behind the last mark these are only about right.
    private static func text(_ states: ProducerStates) -> String {
        states.producers.values.sorted { $0.id < $1.id }.map { producer in
            let batches = producer.batches.map { "\($0.lastSequence) at \($0.lastOffset) with \($0.offsetDelta)" }
            return "\(producer.id) \(producer.epoch) \(producer.transactionStart?.rawValue ?? -1) \(batches)"
        }.joined(separator: ", ")
    }

    // MARK: Records

    /// As `topic consume` does.
    private mutating func readRecords(
        _ name: TopicPartition, of broker: Broker, _ decoder: inout RecordDecoder
    ) throws(Violation) {
        guard var answer = partitions[name], let partition = broker.directory.partition(name) else { return }
        defer { partitions[name] = answer }
        var next = answer.logStart
        while next < answer.highWatermark {
            do throws(LogStoreError) {
                next = try broker.directory.readRecords(
                    partition, from: Offset(next), upTo: Offset(answer.highWatermark), maxBytes: 4096, with: &decoder
                ) { answer.records[$0.offset.rawValue] = $0.storedRecord() }.rawValue
            } catch {
                let good = min(error.nextReadable?.rawValue ?? answer.highWatermark, answer.highWatermark)
                guard error.code == .corrupt, good > next else {
                    throw Violation("\(name) is consumed at \(next): \(error)")
                }
                if !answer.isRefused(next) { throw Violation("\(name) offset \(next) is read and not consumed") }
                next = good
            }
        }
    }
}
