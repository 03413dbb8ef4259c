import Metrics
import Synchronization

/// A metrics backend in memory.
final class CollectedMetrics: MetricsFactory {
    private struct State {
        var values: [String: Double] = [:]
        var timings: [String: [Int64]] = [:]
    }

    private let state = Mutex(State())

    /// By `name{label=value,…}`, of gauges and counters.
    subscript(name: String) -> Double? { state.withLock { $0.values[name] } }

    var names: [String] { state.withLock { (Array($0.values.keys) + Array($0.timings.keys)).sorted() } }

    func timings(_ name: String) -> [Int64] { state.withLock { $0.timings[name] ?? [] } }

    private static func text(_ label: String, _ dimensions: [(String, String)]) -> String {
        if dimensions.isEmpty { return label }
        return label + "{" + dimensions.map { "\($0.0)=\($0.1)" }.joined(separator: ",") + "}"
    }

    private final class Handler: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
        let name: String
        let owner: CollectedMetrics

        init(_ name: String, _ owner: CollectedMetrics) {
            self.name = name
            self.owner = owner
        }

        func increment(by amount: Int64) { owner.state.withLock { $0.values[name, default: 0] += Double(amount) } }
        func reset() { owner.state.withLock { $0.values[name] = 0 } }
        func set(_ value: Int64) { owner.state.withLock { $0.values[name] = Double(value) } }
        func set(_ value: Double) { owner.state.withLock { $0.values[name] = value } }
        func increment(by amount: Double) { owner.state.withLock { $0.values[name, default: 0] += amount } }
        func decrement(by amount: Double) { owner.state.withLock { $0.values[name, default: 0] -= amount } }
        func record(_ value: Int64) { set(value) }
        func record(_ value: Double) { set(value) }
        func recordNanoseconds(_ duration: Int64) {
            owner.state.withLock { $0.timings[name, default: []].append(duration) }
        }
    }

    private func make(_ label: String, _ dimensions: [(String, String)]) -> Handler {
        Handler(Self.text(label, dimensions), self)
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { make(label, dimensions) }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { make(label, dimensions) }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        make(label, dimensions)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { make(label, dimensions) }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {
        if let handler = handler as? Handler { state.withLock { $0.values[handler.name] = nil } }
    }
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}
