internal import CRdKafka
package import RecordFormat

/// What reading partitions brings.
package enum ReadEvent: Sendable, Equatable {
    case record(TopicPartition, StoredRecord, TimestampKind = .created)
    /// Everything before this offset has been read, and there is nothing more for now.
    case end(TopicPartition, Offset)
    /// The record at this offset cannot be had.
    case failure(TopicPartition, Offset?, KafkaClientError)
    /// Something that is no single partition's.
    case trouble(KafkaClientError)
    /// No server answers any more. Reading goes on by itself when one does.
    case away(KafkaClientError)
    /// One answers again.
    case back

    init?(_ message: UnsafePointer<rd_kafka_message_t>) {
        let fields = message.pointee
        let partition = fields.rkt.map {
            TopicPartition(topic: String(cString: rd_kafka_topic_name($0)), partition: fields.partition)
        }
        let offset = fields.offset >= 0 ? Offset(fields.offset) : nil
        switch (fields.err, partition, offset) {
        case (RD_KAFKA_RESP_ERR_NO_ERROR, let partition?, let offset?):
            let (record, kind) = Record.read(message)
            self = .record(partition, StoredRecord(offset: offset, record: record), kind)
        case (RD_KAFKA_RESP_ERR__PARTITION_EOF, let partition?, let offset?): self = .end(partition, offset)
        // A connection that breaks is made again.
        case (RD_KAFKA_RESP_ERR__TRANSPORT, _, _), (RD_KAFKA_RESP_ERR__TIMED_OUT, _, _): return nil
        case (let error, let partition?, let offset):
            self = .failure(partition, offset, KafkaClientError("\(partition)", error, said: Self.text(fields)))
        case (let error, nil, _):
            self = .trouble(KafkaClientError("Reading failed", error, said: Self.text(fields)))
        }
    }

    private static func text(_ fields: rd_kafka_message_t) -> String {
        String(decoding: UnsafeRawBufferPointer(start: fields.payload, count: fields.len), as: UTF8.self)
    }
}

extension Record {
    fileprivate static func read(_ message: UnsafePointer<rd_kafka_message_t>) -> (Record, TimestampKind) {
        let fields = message.pointee
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let time = rd_kafka_message_timestamp(message, &kind)
        func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
            start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
        }
        var headers: [RecordHeader] = []
        var list: OpaquePointer?
        if rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR {
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var count = 0
            while rd_kafka_header_get_all(list, headers.count, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name
            {
                headers.append(RecordHeader(key: String(cString: name), value: bytes(value, count)))
            }
        }
        let record = Record(
            key: bytes(fields.key, fields.key_len), value: bytes(fields.payload, fields.len), headers: headers,
            timestamp: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? .none : Timestamp(millisecondsSince1970: time))
        return (record, kind == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? .appended : .created)
    }
}
