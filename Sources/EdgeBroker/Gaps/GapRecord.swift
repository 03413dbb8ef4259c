package import RecordFormat

/// The value of a record in `__gaps`: records that are no longer there although no retention asked for it. The record's key is the
/// partition, such as `orders-0`. Written before the records go, so a gap that nobody wrote down is damage; a crash between the
/// two leaves a gap record for records that are still there, and one more when they go.
///
/// JSON in this order and without spaces, so that it can be read with `edgebroker topic consume __gaps`. Topic names need no
/// escapes.
///
/// | field       | meaning                                                                                    |
/// |:------------|:-------------------------------------------------------------------------------------------|
/// | `topic`     |                                                                                            |
/// | `partition` |                                                                                            |
/// | `start`     | the first offset that is gone                                                              |
/// | `end`       | the first offset behind them                                                               |
/// | `reason`    | `consumed`: for the disk budget, and every known downstream had them; `unread`: for the disk budget, and not every one had; `missing`: a downstream needs them and found them gone |
/// | `bytes`     | that became free; 0 if nobody knows                                                        |
/// | `time`      | ms since 1970, by the calendar                                                             |
package struct GapRecord: Sendable, Equatable {
    package static let topic = "__gaps"

    package enum Reason: String, Sendable {
        case consumed, unread, missing
    }

    package var partition: TopicPartition
    package var start: Offset
    package var end: Offset
    package var reason: Reason
    package var bytes: Int64
    package var time: Timestamp

    package init(
        _ partition: TopicPartition, start: Offset, end: Offset, reason: Reason, bytes: Int64, time: Timestamp
    ) {
        self.partition = partition
        self.start = start
        self.end = end
        self.reason = reason
        self.bytes = bytes
        self.time = time
    }

    package var encoded: [UInt8] {
        let text = """
            {"topic":"\(partition.topic)","partition":\(partition.partition),"start":\(start),"end":\(end),\
            "reason":"\(reason.rawValue)","bytes":\(bytes),"time":\(time.millisecondsSince1970)}
            """
        return Array(text.utf8)
    }
}
