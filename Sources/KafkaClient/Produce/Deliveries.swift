internal import CRdKafka
internal import Synchronization

/// What became of the records that were handed over.
final class Deliveries: Sendable {
    private struct State {
        var acknowledged = 0
        var failed = 0
        var first: DeliveryFailure?
        /// Of a record that was only in the same batch as one to blame.
        var alongside: DeliveryFailure?
    }

    /// `RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD`, which the library that we build with need not name yet.
    private static let differentRecordIsInvalid: Int32 = -138

    private let state = Mutex(State())

    /// - Parameter number: as the sender counts, from 1.
    func add(_ number: Int, _ response: rd_kafka_resp_err_t) {
        state.withLock { state in
            if response == RD_KAFKA_RESP_ERR_NO_ERROR {
                state.acknowledged += 1
                return
            }
            state.failed += 1
            // Those that were taken back because of it say nothing.
            if response == RD_KAFKA_RESP_ERR__PURGE_QUEUE || response == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT { return }
            let place: WritableKeyPath<State, DeliveryFailure?> =
                response.rawValue == Self.differentRecordIsInvalid ? \.alongside : \.first
            if let earlier = state[keyPath: place], earlier.number < number { return }
            state[keyPath: place] = DeliveryFailure(
                number: number, error: KafkaClientError("The server did not take it", response))
        }
    }

    var acknowledged: Int { state.withLock(\.acknowledged) }

    /// The failure of the earliest record that is to blame; if none is said to be, of the earliest that has one.
    var firstFailure: DeliveryFailure? { state.withLock { $0.first ?? $0.alongside } }
}

/// A record that the server did not take.
package struct DeliveryFailure: Sendable, Equatable {
    /// The record's number as its sender counts.
    package let number: Int
    package let error: KafkaClientError

    package init(number: Int, error: KafkaClientError) {
        self.number = number
        self.error = error
    }
}
