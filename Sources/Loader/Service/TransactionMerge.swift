import ChangeEvents
import EdgeBroker
import RecordFormat

/// One source transaction's changes out of the topics that hold them, in the order in which the ERP made them. It holds one change
/// per topic, however many the transaction has.
struct TransactionMerge {
    private struct Source {
        let range: TopicRange
        let descriptions: [TableDescription]
        var at: Offset
        var head: ChangeEvent?
        var isAtEnd = false
    }

    private var sources: [Source]

    /// - Parameter ranges: with the descriptions that the rows of each may have, newest first.
    init(_ ranges: [(range: TopicRange, descriptions: [TableDescription])]) {
        sources = ranges.map { Source(range: $0.range, descriptions: $0.descriptions, at: $0.range.start) }
    }

    enum Next {
        case change(ChangeEvent, topic: String)
        case fetch(TopicPartition, from: Offset)
        case end
    }

    mutating func next(_ buffers: inout [TopicPartition: TopicBuffer]) throws(LoaderError) -> Next {
        for index in sources.indices where sources[index].head == nil && !sources[index].isAtEnd {
            if let offset = try advance(index, &buffers) {
                return .fetch(sources[index].range.topicPartition, from: offset)
            }
        }
        var first: Int?
        for index in sources.indices {
            guard let head = sources[index].head else { continue }
            if let found = first, let least = sources[found].head, least.sequence <= head.sequence { continue }
            first = index
        }
        guard let first, let change = sources[first].head else { return .end }
        sources[first].head = nil
        return .change(change, topic: sources[first].range.topic)
    }

    /// Finds the next change of a source.
    /// - Returns: from where to fetch, if it is not in the buffer.
    private mutating func advance(
        _ index: Int, _ buffers: inout [TopicPartition: TopicBuffer]
    ) throws(LoaderError) -> Offset? {
        let name = sources[index].range.topicPartition
        while true {
            switch buffers[name, default: TopicBuffer()].next(from: sources[index].at, before: sources[index].range.end)
            {
            case .fetch(let offset): return offset
            case .end:
                sources[index].isAtEnd = true
                return nil
            case .record(let stored):
                sources[index].at = stored.offset.advanced(by: 1)
                // A tombstone repeats the delete before it.
                guard let value = stored.record.value else { continue }
                do throws(ChangeEventsError) {
                    sources[index].head = try Self.decode(value, sources[index].descriptions)
                } catch {
                    throw LoaderError(
                        .damagedRecords, "\(name), offset \(stored.offset): \(error.message)", remedy: error.remedy)
                }
                return nil
            }
        }
    }

    /// Which columns are JSON decides how their values are read, but which columns there are is known without it.
    private static func decode(
        _ value: [UInt8], _ descriptions: [TableDescription]
    ) throws(ChangeEventsError) -> ChangeEvent {
        let jsonColumns = descriptions.first?.jsonColumns ?? []
        let event = try PlainFormat.decode(value, jsonColumns: jsonColumns)
        guard descriptions.count > 1, let fitting = descriptions.first(where: { $0.fits(event) }),
            fitting.jsonColumns != jsonColumns
        else { return event }
        return try PlainFormat.decode(value, jsonColumns: fitting.jsonColumns)
    }
}
