import RecordFormat
import Synchronization

/// Keeps what fails in every pass from being logged in every pass: a disk that fails for a week would fill another one with
/// lines. A failure is told when it is new or another one, and once an hour while it lasts.
final class RepeatedFailures: Sendable {
    static let interval = Duration.seconds(3600)

    private struct Told {
        let text: String
        let at: Duration
    }
    private let told = Mutex<[String: Told]>([:])

    /// - Parameter events: of one whole pass: a failure that is not among them is over.
    func news(in events: [MaintenanceEvent], at now: Duration) -> [MaintenanceEvent] {
        told.withLock { told in
            var lasting: Set<String> = []
            defer { told = told.filter { lasting.contains($0.key) || $0.key.hasPrefix(Self.compaction) } }
            return events.filter { event in
                guard case .failed(let what, let error) = event else { return true }
                lasting.insert(what)
                return Self.isNews(what, "\(error)", &told, at: now)
            }
        }
    }

    func isNews(_ turn: CompactionTurn, at now: Duration) -> Bool {
        told.withLock { told in
            switch turn {
            case .idle, .working: return true
            case .finished(let name, _, _):
                told[Self.compaction + "\(name)"] = nil
                return true
            case .failed(let name, let error):
                return Self.isNews(Self.compaction + "\(name)", "\(error)", &told, at: now)
            }
        }
    }

    private static let compaction = "compaction of "

    private static func isNews(_ what: String, _ text: String, _ told: inout [String: Told], at now: Duration) -> Bool {
        if let last = told[what], last.text == text, now - last.at < interval { return false }
        told[what] = Told(text: text, at: now)
        return true
    }
}
