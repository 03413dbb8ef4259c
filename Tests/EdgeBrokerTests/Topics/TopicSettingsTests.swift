import EdgeBroker
import Testing

@Suite("A topic's settings as text")
struct TopicSettingsTests {
    private func settings(_ text: String) throws -> TopicConfiguration {
        try TopicConfiguration(
            partitionCount: 1,
            settings: text.split(separator: " ").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (parts[0], parts[1])
            })
    }

    @Test("are Kafka's defaults where Kafka has the setting")
    func defaults() throws {
        let text = try settings("").settings.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        #expect(
            text == """
                durability=synced cleanup.policy=delete retention.ms=604800000 retention.bytes=-1 segment.bytes=-1 \
                segment.ms=604800000 segment.index.bytes=10485760 min.compaction.lag.ms=0 max.compaction.lag.ms=-1 \
                delete.retention.ms=86400000 min.cleanable.dirty.ratio=0.5 max.message.bytes=1048588 \
                message.timestamp.type=CreateTime disk.priority=5 disk.floor.bytes=0 disk.full=drop
                """)
    }

    @Test("come back as they were given")
    func roundTrip() throws {
        let text = """
            durability=buffered sync.interval.ms=250 cleanup.policy=compact,delete retention.ms=1 retention.bytes=2 \
            segment.bytes=4096 segment.ms=3 segment.index.bytes=2048 min.compaction.lag.ms=4 max.compaction.lag.ms=5 \
            delete.retention.ms=6 min.cleanable.dirty.ratio=0.25 max.message.bytes=2048 \
            message.timestamp.type=LogAppendTime disk.priority=0 disk.floor.bytes=7 disk.full=block
            """
        let configuration = try settings(text)
        #expect(configuration.settings.map { "\($0.key)=\($0.value)" }.joined(separator: " ") == text)
        #expect(configuration.durability == .buffered(syncEvery: .milliseconds(250)))
        #expect(
            configuration.keeping.retention.age == .milliseconds(1)
                && configuration.keeping.cleanup == .compactAndDelete)
        #expect(try settings("retention.ms=9223372036854775807").keeping.retention.age == .milliseconds(Int64.max))
        #expect(try settings("durability=buffered").durability == .buffered(syncEvery: .seconds(1)))
        #expect(try settings("retention.ms=5 retention.ms=-1").keeping.retention.age == nil)
        #expect(try settings("cleanup.policy=both").keeping.cleanup == .compactAndDelete)
    }

    @Test("of Kafka's that have one answer here are taken where that answer, or less, is asked for")
    func fixed() throws {
        let text = """
            compression.type=producer min.insync.replicas=1 unclean.leader.election.enable=false flush.messages=1 flush.ms=1000 \
            preallocate=true file.delete.delay.ms=60000 message.timestamp.after.max.ms=9223372036854775807
            """
        #expect(try settings(text) == TopicConfiguration())
    }

    @Test(
        "with mistakes get one line that names each",
        arguments: [
            ("durability=fast", "durability is synced or buffered, not \"fast\"."),
            ("sync.interval.ms=5", "sync.interval.ms needs durability=buffered."),
            ("durability=buffered sync.interval.ms=0", "sync.interval.ms is 1 to 3600000, not \"0\"."),
            (
                "retention.ms=-2 segment.bytes=5",
                "retention.ms is -1, or 0 or more, not \"-2\"; segment.bytes is 1024 to 2147483647, or -1 for the broker's, not \"5\"."
            ),
            ("retention.ms=1e3", "retention.ms is -1, or 0 or more, not \"1e3\"."),
            ("colour=red", "there is no topic setting \"colour\"."),
            (
                "cleanup.policy=compact,compact",
                "cleanup.policy is delete, compact or compact,delete, not \"compact,compact\"."
            ),
            ("max.message.bytes=1023", "max.message.bytes is 1024 to 134217728, not \"1023\"."),
            ("message.timestamp.type=None", "message.timestamp.type is CreateTime or LogAppendTime, not \"None\"."),
            (
                "compression.type=gzip",
                "compression.type is producer, not \"gzip\": batches are kept as their producer compressed them."
            ),
            ("min.insync.replicas=2", "min.insync.replicas is 1, not \"2\": one node keeps the only replica."),
            (
                "durability=buffered flush.ms=100",
                "flush.ms cannot be had with durability=buffered: sync.interval.ms says when."
            ),
            (
                "min.compaction.lag.ms=9 max.compaction.lag.ms=8",
                "max.compaction.lag.ms is below min.compaction.lag.ms."
            ),
            ("min.cleanable.dirty.ratio=nan", "min.cleanable.dirty.ratio is 0 to 1, not \"nan\"."),
            (
                "disk.priority=10 disk.floor.bytes=-1 disk.full=maybe",
                "disk.priority is 0 to 9, not \"10\"; disk.floor.bytes is 0 or more, not \"-1\"; disk.full is block or drop, not \"maybe\"."
            ),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: BrokerError.self) { try settings(text) }
        #expect(error?.code == .invalidConfiguration && error?.message == message)
        // What there is is told to who named what there is not.
        #expect(error?.remedy.hasPrefix("Known are ") == message.contains("there is no"))
    }
}
