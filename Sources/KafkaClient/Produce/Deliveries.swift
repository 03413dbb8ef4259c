internal import CRdKafka
internal import Synchronization

/// What became of the records that were handed over.
final class Deliveries: Sendable {
    private struct State {
        var acknowledged = 0
        var failed = 0
        var first: DeliveryFailure?
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
            // Those that were taken back because of it say nothing, nor do those that were only in the same batch.
            if response == RD_KAFKA_RESP_ERR__PURGE_QUEUE || response == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT
                || response.rawValue == Self.differentRecordIsInvalid
            {
                return
            }
            if let first = state.first, first.number < number { return }
            state.first = DeliveryFailure(
                number: number, error: KafkaClientError("The server did not take it", response))
        }
    }

    var acknowledged: Int { state.withLock(\.acknowledged) }

    /// The failure of the earliest record that has one.
    var firstFailure: DeliveryFailure? { state.withLock(\.first) }
}

/// A record that the server did not take.
package struct DeliveryFailure: Sendable, Equatable {
    /// The record's number as its sender counts.
    package let number: Int
    package let error: KafkaClientError
}
