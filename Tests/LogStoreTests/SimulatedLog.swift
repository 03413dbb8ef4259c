import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// Opens the log on a simulated disk, with the partition orders-0, made if it is not there, whose records are readable once synced.
func openOrders(
    on disk: SimulatedDisk, clock: SimulatedClock, segmentBytes: Int = 64 << 20
) throws -> (log: LogDirectory, orders: Partition) {
    var configuration = LogDirectoryConfiguration(path: "/log")
    configuration.segmentBytes = segmentBytes
    let log = try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
    let name = TopicPartition(topic: "orders", partition: 0)
    if log.partition(name) == nil {
        try log.createPartitions(topic: name.topic, id: Identifier(random: Counter(start: 9).next), count: 1)
    }
    let orders = try #require(log.partition(name))
    log.followSyncedEnd(orders)
    return (log, orders)
}
