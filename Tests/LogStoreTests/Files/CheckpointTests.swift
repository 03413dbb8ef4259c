import LogStore
import RecordFormat
import Testing

@Suite("Kafka's checkpoint files")
struct CheckpointTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("of offsets have an entry a line, sorted, and read as they were written")
    func offsets() {
        let checkpoint = OffsetCheckpoint([
            TopicPartition(topic: "erp.items", partition: 10): Offset(7),
            TopicPartition(topic: "erp.items", partition: 2): Offset(.max),
            TopicPartition(topic: "__transactions.mes", partition: 0): Offset(0),
        ])
        #expect(
            text(checkpoint.encoded)
                == "0\n3\n__transactions.mes 0 0\nerp.items 2 9223372036854775807\nerp.items 10 7\n")
        #expect(OffsetCheckpoint(decoding: checkpoint.encoded) == checkpoint)
        #expect(text(OffsetCheckpoint().encoded) == "0\n0\n")
        #expect(OffsetCheckpoint(decoding: Array("0\n0\n".utf8)) == OffsetCheckpoint())
    }

    @Test(
        "of offsets are none if anything in them is not what it should be",
        arguments: [
            "", "0\n", "0\n1\na 0 1", "1\n1\na 0 1\n", "0\n2\na 0 1\n", "0\n0\na 0 1\n", "0\n1\na 0 1\n\n",
            "0\n1\na 0\n",
            "0\n1\na 0 1 2\n", "0\n1\na -1 1\n", "0\n1\na 0 -1\n", "0\n1\na 0 x\n", "0\n1\n 0 1\n",
            "0\n1\na 0 9223372036854775808\n", "0\n2\na 0 1\na 0 2\n", "0\nx\na 0 1\n", "0\n-2\n",
        ])
    func refusedOffsets(text: String) {
        #expect(OffsetCheckpoint(decoding: Array(text.utf8)) == nil)
    }

    @Test("of offsets are none if they are not UTF-8")
    func notText() {
        #expect(OffsetCheckpoint(decoding: Array("0\n1\n".utf8) + [0xff] + Array(" 0 1\n".utf8)) == nil)
    }

    @Test("have Kafka's names")
    func names() {
        #expect(
            OffsetCheckpoint.Name.allCases.map(\.rawValue) == [
                "recovery-point-offset-checkpoint", "log-start-offset-checkpoint", "cleaner-offset-checkpoint",
            ])
    }

    @Test("a clean stop leaves what Kafka leaves")
    func cleanShutdown() {
        #expect(CleanShutdown.fileName == ".kafka_cleanshutdown")
        #expect(text(CleanShutdown.encoded) == #"{"broker_epoch":"-1","version":"0"}"#)
    }
}
