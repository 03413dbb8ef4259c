import Foundation
import PostgresClient

/// The seconds of a demonstration: what is awaited and measured in each.
struct DemoStage {
    let erp: PostgresConnection
    let observer: MESObserver
    let pipeline: any DemoPipeline
    let isInterrupted: () -> Bool
    private var capturedBefore = 0

    init(
        erp: PostgresConnection, observer: MESObserver, pipeline: any DemoPipeline, isInterrupted: @escaping () -> Bool
    ) {
        self.erp = erp
        self.observer = observer
        self.pipeline = pipeline
        self.isInterrupted = isInterrupted
    }

    /// Returns when everything that is committed in the ERP now is in the MES.
    mutating func drain(within patience: Duration) throws {
        guard try observer.waitForEverything(of: erp, within: patience, { try check(nil) }) else {
            throw DemoError(
                .stalled, "The MES has not got every change after \(patience).",
                remedy: "Look at what was said before this line.")
        }
        capturedBefore = pipeline.captured
    }

    /// One second: how long a change takes, and how many there were.
    mutating func second(_ second: Int, _ activity: PlantActivity) throws -> DemoLine {
        let began = ContinuousClock.now
        let marker = try DrainMarker.set(erp)
        var taken: Duration?
        while ContinuousClock.now - marker.committedAt < .milliseconds(900) {
            if try observer.has(marker) {
                taken = ContinuousClock.now - marker.committedAt
                break
            }
            Thread.sleep(forTimeInterval: 0.0003)
        }
        while ContinuousClock.now - began < .seconds(1) {
            try check(activity)
            try observer.checkSums()
            Thread.sleep(forTimeInterval: 0.005)
        }
        let captured = pipeline.captured
        defer { capturedBefore = captured }
        return DemoLine(
            second: second, captured: captured, capturedBefore: capturedBefore, loaded: pipeline.loaded,
            milliseconds: taken.map { $0 / .milliseconds(1) })
    }

    private func check(_ activity: PlantActivity?) throws {
        if let failure = pipeline.failure { throw failure }
        if let failure = activity?.failure { throw failure }
        if isInterrupted() { throw DemoError(.interrupted, "Interrupted.", remedy: "Nothing is left behind.") }
    }
}
