import RecordFormat

/// A topic as `topic describe` prints it for people: a line for the topic, one for each partition, one for each setting.
enum TopicText {
    static func lines(_ topic: TopicView) -> String {
        let count = topic.partitions.count == 1 ? "1 partition" : "\(topic.partitions.count) partitions"
        let id = topic.id.map { ", id \($0)" } ?? ""
        let owner = topic.owner.map { ", captured by slot \($0)" } ?? ""
        let heading = "\(topic.name): \(count)\(id)\(owner)\n" + partitions(of: topic).text(.table)
        var settings = Listing(["setting", "value", "default"])
        for setting in topic.settings where !setting.isFixed {
            settings.add([.text(setting.key), .text(setting.value), .boolean(setting.isDefault)])
        }
        // A server may keep them to itself.
        return settings.rows.isEmpty ? heading : heading + "\n" + settings.text(.table)
    }

    static func partitions(of topic: TopicView) -> Listing {
        var partitions = Listing(["partition", "log_start", "high_watermark", "log_end", "bytes"])
        for partition in topic.partitions {
            partitions.add([
                .integer(Int64(partition.index)), .integer(partition.logStart.rawValue),
                .integer(partition.highWatermark.rawValue), partition.logEnd.map { .integer($0.rawValue) } ?? .null,
                partition.sizeInBytes.map { .integer($0) } ?? .null,
            ])
        }
        return partitions
    }
}
