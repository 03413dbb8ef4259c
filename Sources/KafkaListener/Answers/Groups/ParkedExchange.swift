import KafkaWire
import Synchronization

/// A request that waits for the other members of its group: answered by the group, or by a stop. The first counts.
final class ParkedExchange<API: WireAPI>: Sendable {
    private let exchange: Exchange<API>
    private let isAnswered = Atomic(false)

    init(_ exchange: Exchange<API>) { self.exchange = exchange }

    func respond(_ change: (inout API.Response) -> Void) {
        if isAnswered.exchange(true, ordering: .relaxed) { return }
        exchange.respond(change)
    }
}
