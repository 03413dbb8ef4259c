import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A topic for people") struct TopicTextTests {
    private let partition = PartitionView(
        index: 0, logStart: Offset(3), highWatermark: Offset(9), logEnd: Offset(9), sizeInBytes: 500)

    @Test("is a line, with one for each partition and one for each setting that can be changed")
    func lines() {
        let topic = TopicView(
            name: "t", id: "ID", owner: "slot",
            partitions: [partition, PartitionView(index: 1, logStart: .zero, highWatermark: .zero)],
            settings: [
                SettingView(key: "retention.ms", value: "5", isDefault: false, isFixed: false),
                SettingView(key: "compression.type", value: "producer", isDefault: true, isFixed: true),
                SettingView(key: "cleanup.policy", value: "delete", isDefault: true, isFixed: false),
            ])
        #expect(
            TopicText.lines(topic) == """
                t: 2 partitions, id ID, captured by slot slot
                PARTITION  LOG START  HIGH WATERMARK  LOG END  BYTES
                0          3          9               9        500
                1          0          0               -        -

                SETTING         VALUE   DEFAULT
                retention.ms    5       false
                cleanup.policy  delete  true

                """)
    }

    @Test("has no settings where a server keeps them to itself")
    func withoutSettings() {
        #expect(
            TopicText.lines(TopicView(name: "t", partitions: [partition])) == """
                t: 1 partition
                PARTITION  LOG START  HIGH WATERMARK  LOG END  BYTES
                0          3          9               9        500

                """)
    }
}
