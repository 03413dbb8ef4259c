import EdgeBroker
import Foundation
import Testing

/// Every kind of call that a broker makes of a real disk, failing once in each way: an EIO, a full disk, a quota, a short or torn
/// write, a failed sync after which the written bytes are gone, a kill before or after it.
@Suite("A disk call that fails once")
struct FaultSweepTests {
    /// In memory where there is such a folder, so that a sync costs nothing.
    private static let folder =
        FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    /// - Parameter body: what to do in a folder that goes with it.
    private func inFolder<T>(_ body: (String) async throws -> T) async throws -> T {
        let path = Self.folder + "edgebroker-faults-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    /// The calls of the whole work, without a fault.
    private func calls() async throws -> [FailingDisk.Call] {
        try await inFolder { path in
            let plant = FaultedPlant(nil, in: path)
            await plant.work()
            #expect(await plant.check() == [])
            #expect(plant.answers == [])
            #expect(plant.acknowledged.values.allSatisfy { $0.count == 16 } && plant.acknowledged.count == 3)
            return plant.disk.calls
        }
    }

    @Test("costs nothing that was acknowledged, is answered or made good, and leaves a sound log")
    func sweep() async throws {
        let faults = try await calls().enumerated().flatMap { place, call in
            FailingDisk.actions(for: call).map { FailingDisk.Fault(call: place + 1, action: $0) }
        }
        // Some of them, an odd number apart, so that each kind of call gets each of its actions. EDGEBROKER_FAULTS tries more.
        let limit = ProcessInfo.processInfo.environment["EDGEBROKER_FAULTS"].flatMap { Int($0) } ?? 210
        let step = max(1, faults.count / limit) | 1
        var tried = 0
        for fault in stride(from: 0, to: faults.count, by: step).map({ faults[$0] }) {
            tried += 1
            try await inFolder { path in
                let plant = FaultedPlant(fault, in: path)
                await plant.work()
                let mistakes = await plant.check()
                #expect(mistakes == [], "\(fault), \(plant.disk.what); answered: \(plant.answers)")
            }
        }
        print("\(tried) of \(faults.count) faults were tried")
        #expect(tried >= 200)
    }
}
