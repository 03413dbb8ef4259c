internal import CRdKafka
internal import RecordFormat

/// librdkafka's list of partitions, each with a number that is an offset or a time.
struct PartitionList: ~Copyable {
    struct Entry {
        let partition: TopicPartition
        /// Negative: one of librdkafka's special offsets.
        let offset: Int64
        let metadata: String
        let error: rd_kafka_resp_err_t
    }

    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ partitions: [(partition: TopicPartition, offset: Int64)]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(clamping: partitions.count))
        for (partition, offset) in partitions {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset = offset
        }
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    var entries: [Entry] { Self.entries(of: pointer) }

    static func entries(of list: UnsafePointer<rd_kafka_topic_partition_list_t>?) -> [Entry] {
        guard let list else { return [] }
        return UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)).map { element in
            let metadata = UnsafeRawBufferPointer(start: element.metadata, count: element.metadata_size)
            return Entry(
                partition: TopicPartition(topic: String(cString: element.topic), partition: element.partition),
                offset: element.offset, metadata: String(decoding: metadata, as: UTF8.self), error: element.err)
        }
    }
}
