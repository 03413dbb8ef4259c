internal import CRdKafka

/// The answer to an administrative request, in librdkafka's memory; what its accessors give lives as long.
struct AdminAnswer: ~Copyable {
    let event: OpaquePointer

    init(owning event: OpaquePointer) { self.event = event }

    deinit { rd_kafka_event_destroy(event) }
}

extension ClientHandle {
    /// Sends an administrative request and waits for its answer.
    ///
    /// - Parameters:
    ///   - what: is being done, for the error.
    ///   - send: hands the request over to librdkafka, which copies what it needs.
    /// - Throws: what the request as a whole met; what single topics or groups met stands in the answer.
    func request(
        _ what: String, _ operation: rd_kafka_admin_op_t,
        _ send: (_ client: OpaquePointer, _ options: OpaquePointer, _ answers: OpaquePointer) -> Void
    ) throws(KafkaClientError) -> AdminAnswer {
        // So that a server that is not there is told in its own words, and soon.
        _ = try metadata(.servers)
        let queue = rd_kafka_queue_new(pointer)
        defer { rd_kafka_queue_destroy(queue) }
        let options = rd_kafka_AdminOptions_new(pointer, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        guard let queue, let options else { throw KafkaClientError(what, RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE) }
        var text = [CChar](repeating: 0, count: 256)
        rd_kafka_AdminOptions_set_request_timeout(options, Self.patienceInMilliseconds, &text, text.count)
        send(pointer, options, queue)
        while true {
            // Even after an interruption the answer comes within the timeout; nobody waits for it then.
            try checkInterrupted()
            guard let event = rd_kafka_queue_poll(queue, Self.slice) else { continue }
            let answer = AdminAnswer(owning: event)
            let response = rd_kafka_event_error(event)
            if response != RD_KAFKA_RESP_ERR_NO_ERROR {
                throw KafkaClientError(
                    what, response, said: rd_kafka_event_error_string(event).map { String(cString: $0) })
            }
            return answer
        }
    }
}
