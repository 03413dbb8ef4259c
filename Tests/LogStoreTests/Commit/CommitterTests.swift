import LogStore
import RecordFormat
import Testing

@Suite("The committing thread")
struct CommitterTests {
    @Test("completes every append, however many come at once, and then its stop", arguments: [1, 2, 7, 100])
    func completes(_ producers: Int) async throws {
        let plant = try TemporaryLog()
        let orders = try plant.createTopic("orders")
        let (log, committer) = (plant.log, try Committer(plant.log))
        let ends = try await withThrowingTaskGroup(of: Offset.self) { group in
            for producer in 0..<producers {
                group.addTask {
                    var end = Offset.zero
                    for number in 0..<30 {
                        let result = await withCheckedContinuation {
                            (continuation: CheckedContinuation<Result<[Range<Offset>], LogStoreError>, Never>) in
                            do throws(LogStoreError) {
                                let bytes = batch(["\(producer).\(number)"])
                                try log.stage(
                                    Append([Append.Batch(bytes, to: orders)]) { continuation.resume(returning: $0) })
                            } catch {
                                continuation.resume(returning: .failure(error))
                            }
                        }
                        let range = try result.get()[0]
                        // Later appends of one producer come later, and are readable once they are completed.
                        #expect(range.lowerBound >= end && log.highWatermark(of: orders) >= range.upperBound)
                        end = range.upperBound
                    }
                    return end
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.map(\.rawValue).max() == Int64(producers * 30))
        let values = try plant.values(orders)
        #expect(Set(values).count == producers * 30)
        for producer in 0..<producers {
            #expect(values.filter { $0.hasPrefix("\(producer).") } == (0..<30).map { "\(producer).\($0)" })
        }
        await committer.stop()
        #expect(log.isClosed)
    }
}
