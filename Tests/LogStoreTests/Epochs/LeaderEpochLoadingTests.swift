import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The leader epochs of a log that is opened")
struct LeaderEpochLoadingTests {
    private let name = TopicPartition(topic: "orders", partition: 0)
    private let path = "/data/orders-0/leader-epoch-checkpoint"

    private func open(_ disk: SimulatedDisk) throws -> LogDirectory {
        var configuration = LogDirectoryConfiguration(path: "/data")
        configuration.segmentBytes = 2000
        let source = Counter()
        return try LogDirectory.open(
            configuration, disk: disk, clock: TestTime().clock, random: { source.next() })
    }

    private func append(_ count: Int, to log: LogDirectory) throws {
        if log.partition(name) == nil {
            try log.createPartitions(topic: "orders", id: Identifier(random: Counter().next), count: 1)
        }
        let partition = try #require(log.partition(name))
        for _ in 0..<count {
            let outcome = Outcome()
            try log.stage(Append([Append.Batch(batch(["a", "b"]), to: partition)]) { outcome.set($0) })
            log.runCommitRound()
            _ = try outcome.get()
        }
    }

    private func epochs(_ log: LogDirectory) throws -> [String] {
        try log.leaderEpochs(of: try #require(log.partition(name))).entries.map { "\($0.epoch) \($0.start)" }
    }

    private func text(_ disk: SimulatedDisk) throws -> String {
        String(decoding: try #require(disk.bytes(of: path)), as: UTF8.self)
    }

    /// Three lives that were killed, of 30 batches of two records each, and a fourth that is open.
    private func fourLives() throws -> (SimulatedDisk, LogDirectory, [String]) {
        var disk = SimulatedDisk(seed: 7)
        for _ in 0..<3 {
            try append(30, to: try open(disk))
            disk = disk.afterKill()
        }
        let log = try open(disk)
        try append(1, to: log)
        let epochs = try epochs(log)
        return (disk, log, epochs)
    }

    @Test("grow by one with the first batch after each kill, and not with a clean stop")
    func lives() throws {
        let (disk, log, epochs) = try fourLives()
        #expect(epochs == ["0 0", "1 60", "2 120", "3 180"])
        #expect(try text(disk) == (["0", "4"] + epochs).map { $0 + "\n" }.joined())
        log.close()
        let next = try open(disk)
        try append(1, to: next)
        #expect(try self.epochs(next) == epochs)
        #expect(try text(disk) == (["0", "4"] + epochs).map { $0 + "\n" }.joined())
    }

    @Test(
        "are what the batches say when the file is gone, damaged, older or of more than there is",
        arguments: [
            nil, "", "0\n1\n", "0\n1\n0 0\n", "0\n3\n0 0\n1 60\n2 120\n", "0\n4\n0 0\n1 61\n2 120\n3 180\n",
            "0\n5\n0 0\n1 60\n2 120\n3 180\n4 500\n",
        ])
    func wrongFile(text: String?) throws {
        let (disk, log, epochs) = try fourLives()
        log.close()
        if let text {
            let file = try disk.open(path, .createEmpty)
            if !text.isEmpty { _ = try Array(text.utf8).withUnsafeBytes { try file.write($0, at: 0) } }
        } else {
            try disk.remove(path)
        }
        let next = try open(disk)
        #expect(try self.epochs(next) == epochs)
        try append(1, to: next)
        #expect(try self.epochs(next) == epochs)
        // One that is wrong in the middle nobody would see, but for those who ask.
        if text?.contains("61") != true {
            #expect(try self.text(disk) == (["0", "4"] + epochs).map { $0 + "\n" }.joined())
        }
    }

    @Test("do not keep anybody from appending when their file cannot be written")
    func unwritable() throws {
        let disk = SimulatedDisk(seed: 7)
        let log = try open(disk)
        try append(0, to: log)
        try disk.createDirectory(path)
        try append(5, to: log)
        #expect(try epochs(log).count == 1)
    }
}
