import Foundation
import LogStore
import RecordFormat
import Testing

@Suite("A commit round")
struct CommitRoundTests {
    @Test("gives dense offsets and shows the records once they are synced")
    func appends() throws {
        let plant = try TemporaryLog()
        let topic = try plant.createTopic("orders")
        #expect(try plant.append(["a", "b"], to: topic) == Offset(0)..<Offset(2))
        #expect(try plant.append(["c"], to: topic) == Offset(2)..<Offset(3))
        #expect(try plant.values(topic) == ["a", "b", "c"])
        #expect(try plant.values(topic, from: Offset(1)) == ["b", "c"])
    }

    @Test("shows nothing and acknowledges nothing before it runs")
    func waits() throws {
        let plant = try TemporaryLog()
        let topic = try plant.createTopic("orders")
        let outcome = Outcome()
        try plant.log.stage(Append([Append.Batch(batch(["a"]), to: topic)]) { outcome.set($0) })
        #expect(!outcome.isSet)
        #expect(plant.log.highWatermark(of: topic) == .zero)
        plant.log.runCommitRound()
        #expect(outcome.isSet)
        #expect(plant.log.highWatermark(of: topic) == Offset(1))
    }

    @Test("rolls segments, and a reader and a reopened log see them as one", arguments: [1024, 4096])
    func rolls(segmentBytes: Int) throws {
        let plant = try TemporaryLog(segmentBytes: segmentBytes)
        let topic = try plant.createTopic("orders")
        let values = (0..<200).map { "value \($0) " + String(repeating: "x", count: $0) }
        for value in values { try plant.append([value], to: topic) }
        #expect(try plant.values(topic) == values)
        let logs = try FileManager.default.contentsOfDirectory(atPath: plant.path + "/orders-0").filter {
            $0.hasSuffix(".log")
        }
        #expect(logs.count > 2)
        try plant.reopen()
        let again = try plant.partition("orders")
        plant.log.followSyncedEnd(again)
        #expect(try plant.values(again) == values)
        #expect(plant.log.recovery.scannedBytes == 0)
        #expect(try plant.append(["next"], to: again).lowerBound == Offset(200))
    }

    @Test(
        "writes small batches, which are copied, and large ones, which are not, in their order",
        arguments: [1 << 20, 20_000])
    func sizes(segmentBytes: Int) throws {
        let plant = try TemporaryLog(segmentBytes: segmentBytes)
        let topics = try ["a", "b"].map { try plant.createTopic($0) }
        let values = [1, 9000, 2, 3, 8000, 8200, 9000, 9000, 4, 5].map { String(repeating: "x", count: $0) }
        let outcomes = try values.map { value in
            let outcome = Outcome()
            try plant.log.stage(Append(topics.map { Append.Batch(batch([value]), to: $0) }) { outcome.set($0) })
            return outcome
        }
        plant.log.runCommitRound()
        for (index, outcome) in outcomes.enumerated() {
            let offset = Offset(Int64(index))
            #expect(try outcome.get() == [offset..<offset.advanced(by: 1), offset..<offset.advanced(by: 1)])
        }
        for topic in topics { #expect(try plant.values(topic) == values) }
        try plant.reopen()
        #expect(plant.log.recovery.damages.isEmpty)
        let again = try plant.partition("b")
        plant.log.followSyncedEnd(again)
        #expect(try plant.values(again) == values)
    }

    @Test("keeps a held partition unseen until an append publishes it")
    func holds() throws {
        let plant = try TemporaryLog()
        let rows = try plant.createTopic("rows", following: false)
        let index = try plant.createTopic("index", following: false)
        try plant.append(["r0", "r1"], to: rows)
        #expect(try plant.values(rows).isEmpty)
        let outcome = Outcome()
        try plant.log.stage(
            Append(
                [Append.Batch(batch(["commit"]), to: index)],
                publishing: [Append.Publication(rows, upTo: Offset(2)), Append.Publication(index, upTo: Offset(1))]
            ) { outcome.set($0) })
        plant.log.runCommitRound()
        #expect(try outcome.get() == [Offset(0)..<Offset(1)])
        #expect(try plant.values(rows) == ["r0", "r1"])
        #expect(try plant.values(index) == ["commit"])
    }

    @Test("cuts a held partition back across segments, and offsets go on from the cut")
    func cuts() throws {
        let plant = try TemporaryLog(segmentBytes: 1024)
        let rows = try plant.createTopic("rows", following: false)
        for number in 0..<60 { try plant.append(["row \(number) " + String(repeating: "y", count: 100)], to: rows) }
        plant.pass(.seconds(1))
        plant.log.runCommitRound()
        try plant.log.cut(rows, to: Offset(17))
        #expect(plant.log.logEnd(of: rows) == Offset(17))
        #expect(try plant.append(["after"], to: rows) == Offset(17)..<Offset(18))
        try plant.reopen()
        let again = try plant.partition("rows")
        #expect(again.syncedEnd == Offset(18))
        #expect(plant.log.recovery.damages.isEmpty)
        plant.log.followSyncedEnd(again)
        #expect(try plant.values(again).last == "after")
    }

    @Test("takes its hundred-thousandth append as lightly as its first")
    func manyAppends() throws {
        let plant = try TemporaryLog()
        let topic = try plant.createTopic("orders")
        let calls = Counter(start: 0)
        plant.log.onStaged { _ = calls.next() }
        let bytes = batch(["a"])
        // Whoever is called was once called through one more layer each time, until the stack ended.
        for number in 1...100_000 {
            try plant.log.stage(Append([Append.Batch(bytes, to: topic)]) { _ in })
            if number % 1000 == 0 { plant.log.runCommitRound() }
        }
        #expect(plant.log.highWatermark(of: topic) == Offset(100_000))
        #expect(calls.next() == 100_001)
    }

    @Test("leaves nothing to wake up for once everything is marked, and after a cut")
    func comesToRest() throws {
        let plant = try TemporaryLog()
        let rows = try plant.createTopic("rows", following: false)
        for value in ["a", "b", "c"] { try plant.append([value], to: rows) }
        #expect(plant.log.runCommitRound() != nil)
        try plant.log.cut(rows, to: Offset(1))
        plant.pass(.seconds(1))
        // A deadline that is past and stays would keep the committing thread busy for as long as nobody appends.
        plant.log.runCommitRound()
        #expect(plant.log.runCommitRound() == nil)
    }

    @Test("refuses appends after the log was closed")
    func refusesWhenClosed() throws {
        let plant = try TemporaryLog()
        let topic = try plant.createTopic("orders")
        plant.log.close()
        #expect(throws: LogStoreError.self) { try plant.append(["a"], to: topic) }
    }
}
