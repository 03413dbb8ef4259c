import RecordFormat
import Testing

@testable import LogStore

@Suite("Batches that stay open until their round begins")
struct OpenBatchesTests {
    @Test("are staged when it begins, and are in it")
    func staged() throws {
        let plant = try TemporaryLog()
        let (orders, log) = (try plant.createTopic("orders"), plant.log)
        let outcome = Outcome()
        let announced = Outcome()
        try log.announce {
            announced.set(.success([]))
            _ = try? log.stage(Append([Append.Batch(batch(["a", "b"]), to: orders)], waiters: 2) { outcome.set($0) })
        }
        #expect(!announced.isSet)
        log.runCommitRound()
        #expect(outcome.isSet && log.highWatermark(of: orders) == Offset(2))
    }

    @Test("count for everybody who waits, before the round and in it")
    func waiters() throws {
        let plant = try TemporaryLog()
        let (orders, log) = (try plant.createTopic("orders"), plant.log)
        try log.announce {
            _ = try? log.stage(Append([Append.Batch(batch(["a", "b", "c"]), to: orders)], waiters: 3) { _ in })
        }
        log.joinAnnounced()
        log.joinAnnounced()
        #expect(log.waitingCount == 3)
        try log.stage(Append([Append.Batch(batch(["d", "e"]), to: orders)], waiters: 2) { _ in })
        #expect(log.waitingCount == 5)
        var round = Gathering.Round()
        _ = log.runCommitRound(flushingAll: false, noting: &round)
        #expect(round.completed == 5 && log.waitingCount == 0)
    }

    @Test("call the committing thread, also when one is announced while a round is written")
    func called() async throws {
        let plant = try TemporaryLog()
        let (orders, log) = (try plant.createTopic("orders"), plant.log)
        let committer = try Committer(log)
        for number in 0..<200 {
            let result = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let stage: @Sendable () -> Void = {
                    let append = Append([Append.Batch(batch(["\(number)"]), to: orders)]) { _ in
                        continuation.resume(returning: true)
                    }
                    do throws(LogStoreError) { try log.stage(append) } catch { continuation.resume(returning: false) }
                }
                do throws(LogStoreError) { try log.announce(stage) } catch { continuation.resume(returning: false) }
            }
            #expect(result)
        }
        #expect(log.highWatermark(of: orders) == Offset(200))
        await committer.stop()
    }

    @Test("are written when the log closes; afterwards none is taken")
    func closed() throws {
        let plant = try TemporaryLog()
        let (orders, log) = (try plant.createTopic("orders"), plant.log)
        try log.announce { _ = try? log.stage(Append([Append.Batch(batch(["a"]), to: orders)]) { _ in }) }
        log.close()
        #expect(throws: LogStoreError.self) { try log.announce { Issue.record("The log is closed") } }
        try plant.reopen()
        let again = try plant.partition("orders")
        plant.log.followSyncedEnd(again)
        #expect(try plant.values(again) == ["a"])
    }
}
