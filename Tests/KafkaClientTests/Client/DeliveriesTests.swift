import CRdKafka
import Testing

@testable import KafkaClient

@Suite("What became of the records that were sent") struct DeliveriesTests {
    /// `RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD`.
    private let alongside = rd_kafka_resp_err_t(rawValue: -138)

    @Test("names the earliest that is to blame, whichever fails first")
    func blame() {
        let deliveries = Deliveries()
        deliveries.add(1, alongside)
        for number in [4, 3] { deliveries.add(number, RD_KAFKA_RESP_ERR_INVALID_RECORD) }
        deliveries.add(2, RD_KAFKA_RESP_ERR__PURGE_QUEUE)
        #expect(deliveries.firstFailure?.number == 3 && deliveries.firstFailure?.error.code == .invalid)
    }

    @Test("takes no record for appended because none is said to be to blame")
    func nobodyToBlame() {
        let deliveries = Deliveries()
        for number in [2, 1] { deliveries.add(number, alongside) }
        deliveries.add(3, RD_KAFKA_RESP_ERR_NO_ERROR)
        #expect(deliveries.firstFailure?.number == 1 && deliveries.acknowledged == 1)
    }
}
