import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Batches whose answers are lost")
struct LostAnswersTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)
    /// As many as a producer may have on their way, and as a partition remembers.
    private let inFlight = 5

    private func batch(_ number: Int, of producer: ProducerIdentity) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: Array("\(number)".utf8), timestamp: Timestamp(millisecondsSince1970: 1))
        var batch = builder.finish()
        batch.setProducer(
            id: producer.id, epoch: producer.epoch, sequence: Int32(number), isTransactional: false)
        return batch
    }

    private func identity(_ plant: SimulatedBroker) throws -> ProducerIdentity {
        let outcome = Mutex<Result<ProducerIdentity, TransactionError>?>(nil)
        plant.broker.transactions.initProducerID(nil, timeout: .seconds(60)) { result in
            outcome.withLock { $0 = result }
        }
        for _ in 0..<5 where outcome.withLock({ $0 == nil }) { plant.directory.runCommitRound() }
        return try #require(outcome.withLock { $0 }).get()
    }

    /// What happens between a batch and its retry.
    private enum Between: CaseIterable {
        case nothing, kill, powerCut, killBeforeTheRound
    }

    @Test("stand in the log once when they are sent again, where they were first, ten thousand times, across restarts")
    func once() async throws {
        let plant = try SimulatedBroker(segmentBytes: 64 << 10)
        try await plant.broker.admin.createTopic("orders")
        let producer = try identity(plant)
        let count = 10_000
        var duplicates = 0
        for first in stride(from: 0, to: count, by: inFlight) {
            let numbers = first..<first + inFlight
            // Every twentieth time in turn something worse than a connection is lost.
            let round = first / inFlight
            let between = round % 20 == 0 ? Between.allCases[round / 20 % Between.allCases.count] : .nothing
            for number in numbers { plant.broker.append(batch: batch(number, of: producer), to: orders) { _ in } }
            if between != .killBeforeTheRound { plant.directory.runCommitRound() }
            switch between {
            case .nothing: break
            case .kill, .killBeforeTheRound: try plant.kill()
            case .powerCut: try plant.restart(on: plant.disk.afterPowerCut())
            }
            let answers = numbers.map { number in
                let answer = Answer<Result<AppendedBatch, BrokerError>>()
                plant.broker.append(batch: batch(number, of: producer), to: orders) { answer($0) }
                return answer
            }
            plant.directory.runCommitRound()
            for (number, answer) in zip(numbers, answers) {
                let appended = try #require(answer.now).get()
                #expect(appended.range == Offset(Int64(number))..<Offset(Int64(number + 1)))
                if appended.isDuplicate { duplicates += 1 }
            }
        }
        // All but those that were lost with the process before their round.
        #expect(duplicates == count - inFlight * (count / inFlight / 20 / Between.allCases.count))
        var values: [String] = []
        while values.count < count {
            let fetched = try await plant.broker.fetch(orders, from: Offset(Int64(values.count)))
            if fetched.records.isEmpty { break }
            values += fetched.values
        }
        #expect(values == (0..<count).map(String.init))
        await plant.broker.close()
    }
}
