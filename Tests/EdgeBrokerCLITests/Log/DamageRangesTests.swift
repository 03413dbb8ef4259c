import LogStore
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("What damage explains")
struct DamageRangesTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)
    private let alarms = TopicPartition(topic: "alarms", partition: 0)

    private func loss(_ partition: TopicPartition, _ offset: Int64, isDifferent: Bool = false)
        -> AcknowledgementCheck.Loss
    {
        AcknowledgementCheck.Loss(
            acknowledgement: Acknowledgement(partition, offset, checksum: nil), isDifferent: isDifferent)
    }

    private func damage(_ partition: TopicPartition?, _ offsets: Range<Offset>) -> RecoveryReport.Damage {
        RecoveryReport.Damage(partition: partition, file: "f", offsets: offsets, byte: 0, cause: "c")
    }

    @Test("is its own partition's offsets, and no others'")
    func ownPartition() {
        var report = RecoveryReport()
        report.damages = [damage(orders, Offset(3)..<Offset(5))]
        let ranges = DamageRanges(report, present: [orders, alarms])
        #expect([2, 3, 4, 5].map { ranges.explains(loss(orders, $0)) } == [false, true, true, false])
        #expect(!ranges.explains(loss(alarms, 3)))
    }

    @Test("is everything of a partition whose folder is gone, but nothing that came back otherwise")
    func lostFolder() {
        var report = RecoveryReport()
        report.damages = [damage(nil, .zero..<Offset(5))]
        let ranges = DamageRanges(report, present: [orders])
        #expect(ranges.explains(loss(alarms, 3)))
        #expect(!ranges.explains(loss(alarms, 3, isDifferent: true)))
        #expect(!ranges.explains(loss(orders, 3)))
    }

    @Test("is nothing where a file of the whole log is damaged and no record lost")
    func noRecords() {
        var report = RecoveryReport()
        report.damages = [damage(nil, .zero ..< .zero)]
        #expect(!DamageRanges(report, present: []).explains(loss(orders, 0)))
    }
}
