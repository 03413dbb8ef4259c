internal import CRdKafka
package import RecordFormat

/// Sends records of one topic, idempotent unless the properties say otherwise, or do not go with it: each is in the log once, those of a
/// partition in their order.
/// Every call may wait: it belongs on a thread of its own.
///
/// `@unchecked Sendable`: as its handle; the topic's pointer never changes.
package final class KafkaProducer: @unchecked Sendable {
    private let handle: ClientHandle
    private let topic: OpaquePointer

    /// - Throws: `.property`.
    package init(_ properties: ClientProperties, topic name: String) throws(KafkaClientError) {
        var own = ClientProperties()
        if Self.isIdempotent(properties) { own.set("enable.idempotence", "true") }
        // The partition that Kafka's own producer would choose.
        own.set("partitioner", "murmur2_random")
        handle = try ClientHandle(RD_KAFKA_PRODUCER, own.with(properties)) { configuration in
            configuration.reportDeliveries { client, message, _ in
                guard let message, let opaque = rd_kafka_opaque(client) else { return }
                Unmanaged<ClientReports>.fromOpaque(opaque).takeUnretainedValue().deliveries
                    .add(Int(bitPattern: message.pointee._private), message.pointee.err)
            }
        }
        guard let topic = rd_kafka_topic_new(handle.pointer, name, nil) else {
            throw KafkaClientError("Topic \(name)", rd_kafka_last_error())
        }
        self.topic = topic
    }

    /// Whether a producer that was asked for nothing else than `properties` can send each record once.
    ///
    /// https://github.com/confluentinc/librdkafka/blob/v2.0.2/CONFIGURATION.md, `enable.idempotence`: with it librdkafka refuses these values,
    /// where each property goes by two names.
    package static func isIdempotent(_ properties: ClientProperties) -> Bool {
        func last(_ names: String...) -> String? { properties.all.last { names.contains($0.name) }?.value }
        if let acks = last("acks", "request.required.acks"), acks != "all", acks != "-1" { return false }
        if let retries = last("retries", "message.send.max.retries"), Int(retries) == 0 { return false }
        if let most = last("max.in.flight", "max.in.flight.requests.per.connection"), Int(most) ?? 0 > 5 {
            return false
        }
        return last("queuing.strategy") != "lifo"
    }

    deinit { rd_kafka_topic_destroy(topic) }

    /// Ends every wait, now and later, with `.cancelled`. From any thread.
    package func interrupt() { handle.interrupt() }

    /// How many the server has acknowledged.
    package var acknowledged: Int { handle.reports.deliveries.acknowledged }

    /// The earliest record that the server did not take.
    package var firstFailure: DeliveryFailure? { handle.reports.deliveries.firstFailure }

    /// Hands a record over; waits while librdkafka's queue is full.
    ///
    /// - Parameters:
    ///   - partition: `nil`: by the key, or any.
    ///   - number: names it in a ``DeliveryFailure``.
    /// - Throws: `.tooLarge`, `.notFound`, `.cancelled`: then it was not taken.
    package func send(_ record: Record, to partition: Int32?, number: Int) throws(KafkaClientError) {
        while true {
            let response = enqueue(record, to: partition, number: number)
            switch response {
            case RD_KAFKA_RESP_ERR_NO_ERROR:
                rd_kafka_poll(handle.pointer, 0)
                return
            case RD_KAFKA_RESP_ERR__QUEUE_FULL:
                // Nothing that leaves the queue would make room for it.
                if rd_kafka_outq_len(handle.pointer) == 0 {
                    throw KafkaClientError("It was not sent", RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
                }
                try handle.checkInterrupted()
                rd_kafka_poll(handle.pointer, ClientHandle.slice)
            default: throw KafkaClientError("It was not sent", response)
            }
        }
    }

    /// Waits until the fate of every record that was handed over is known.
    ///
    /// - Throws: `.cancelled`, with records on their way.
    package func flush() throws(KafkaClientError) {
        while rd_kafka_flush(handle.pointer, ClientHandle.slice) != RD_KAFKA_RESP_ERR_NO_ERROR {
            try handle.checkInterrupted()
        }
    }

    /// Gives what is on its way some seconds, takes back the rest, and returns when the fate of all is known.
    package func abandon() {
        rd_kafka_flush(handle.pointer, Self.lastWait)
        rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        rd_kafka_flush(handle.pointer, Self.lastWait)
    }

    /// In ms: somebody is waiting for the program to end.
    private static let lastWait: Int32 = 4000

    private func enqueue(_ record: Record, to partition: Int32?, number: Int) -> rd_kafka_resp_err_t {
        let headers = record.headers.isEmpty ? nil : rd_kafka_headers_new(record.headers.count)
        for header in record.headers {
            let count = header.key.utf8.count
            if let value = header.value {
                rd_kafka_header_add(headers, header.key, count, value, value.count)
            } else {
                rd_kafka_header_add(headers, header.key, count, nil, 0)
            }
        }
        let response = withBytes(record.key) { key in
            withBytes(record.value) { value in
                produce(record, partition, number, key, value, headers)
            }
        }
        // Only a record that was taken owns them.
        if response != RD_KAFKA_RESP_ERR_NO_ERROR, let headers { rd_kafka_headers_destroy(headers) }
        return response
    }

    private func produce(
        _ record: Record, _ partition: Int32?, _ number: Int, _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer, _ headers: OpaquePointer?
    ) -> rd_kafka_resp_err_t {
        withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { arguments in
            var count = 0
            func add(_ type: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t) -> Void) {
                var argument = rd_kafka_vu_t()
                argument.vtype = type
                set(&argument)
                arguments.initializeElement(at: count, to: argument)
                count += 1
            }
            add(RD_KAFKA_VTYPE_RKT) { $0.u.rkt = topic }
            add(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition ?? RD_KAFKA_PARTITION_UA }
            add(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY }
            add(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = UnsafeMutableRawPointer(bitPattern: number) }
            add(RD_KAFKA_VTYPE_VALUE) {
                $0.u.mem.ptr = UnsafeMutableRawPointer(mutating: value.baseAddress)
                $0.u.mem.size = value.count
            }
            add(RD_KAFKA_VTYPE_KEY) {
                $0.u.mem.ptr = UnsafeMutableRawPointer(mutating: key.baseAddress)
                $0.u.mem.size = key.count
            }
            if record.timestamp != .none {
                add(RD_KAFKA_VTYPE_TIMESTAMP) { $0.u.i64 = record.timestamp.millisecondsSince1970 }
            }
            if let headers { add(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = headers } }
            guard let error = rd_kafka_produceva(handle.pointer, arguments.baseAddress, count) else {
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }
            defer { rd_kafka_error_destroy(error) }
            return rd_kafka_error_code(error)
        }
    }

    /// An absent value has no address; an empty one has.
    private func withBytes<Result>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard let bytes else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        if bytes.isEmpty { return withUnsafeBytes(of: UInt8(0)) { body(UnsafeRawBufferPointer(rebasing: $0[..<0])) } }
        return bytes.withUnsafeBytes(body)
    }
}
