import RecordFormat
import Testing

@testable import EdgeBroker

@Suite("A failure in every pass")
struct RepeatedFailuresTests {
    private func failure(_ text: String) -> MaintenanceEvent {
        .failed("Cannot watch the disk", BrokerError(.storage, text, remedy: "Look at it."))
    }

    @Test("is told once, and again after an hour")
    func hourly() {
        let repeated = RepeatedFailures()
        let told = (0...7200).filter { second in
            !repeated.news(in: [failure("It does not answer.")], at: .seconds(second)).isEmpty
        }
        #expect(told == [0, 3600, 7200])
    }

    @Test("is told when it is another one, or comes back")
    func changes() {
        let repeated = RepeatedFailures()
        #expect(repeated.news(in: [failure("a")], at: .seconds(0)).count == 1)
        #expect(repeated.news(in: [failure("b")], at: .seconds(1)).count == 1)
        #expect(repeated.news(in: [failure("b"), .roomAgain], at: .seconds(2)).count == 1)
        #expect(repeated.news(in: [], at: .seconds(3)).isEmpty)
        #expect(repeated.news(in: [failure("b")], at: .seconds(4)).count == 1)
    }

    @Test("of a compaction is told once until that compaction ends well")
    func compactions() {
        let repeated = RepeatedFailures()
        let name = TopicPartition(topic: "latest", partition: 0)
        let failed = CompactionTurn.failed(name, BrokerError(.corrupt, "It is damaged.", remedy: "Verify it."))
        #expect(repeated.isNews(failed, at: .seconds(0)))
        // A pass of maintenance in between knows nothing of it.
        _ = repeated.news(in: [], at: .seconds(1))
        #expect(!repeated.isNews(failed, at: .seconds(10)))
        #expect(repeated.isNews(.finished(name, bytesBefore: 2, bytesAfter: 1), at: .seconds(20)))
        #expect(repeated.isNews(failed, at: .seconds(30)))
    }
}
