package import RecordFormat

/// Everything that a source's index has said up to a place in it, so that a start reads only from there on, and the index below may
/// go once no flow needs it.
package struct SourceCheckpoint: Sendable, Equatable {
    package var state: SourceState
    /// Up to where each captured partition is covered by the index.
    package var ends: [TopicPartition: Offset]

    package init(state: SourceState, ends: [TopicPartition: Offset]) {
        self.state = state
        self.ends = ends
    }
}

extension BinaryWriter {
    mutating func append(_ checkpoint: SourceCheckpoint) {
        let state = checkpoint.state
        append(UInt8((state.intent == nil ? 0 : 1) | (state.position == nil ? 0 : 2)))
        if let intent = state.intent {
            append(text: intent.slot)
            append(text: intent.systemID)
            append(intent.timeline)
        }
        if let position = state.position { append(position.rawValue) }
        switch state.snapshot {
        case .none: append(UInt8(0))
        case .unfinished(let id):
            append(UInt8(1))
            append(id)
        case .finished: append(UInt8(2))
        }
        append(UInt32(state.relations.count))
        for (topic, description) in state.relations.sorted(by: { $0.key < $1.key }) {
            append(text: topic)
            append(UInt32(description.count))
            append(bytes: description)
        }
        append(UInt32(checkpoint.ends.count))
        for (name, end) in checkpoint.ends.sorted(by: {
            ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
        }) {
            append(text: name.topic)
            append(name.partition)
            append(end.rawValue)
        }
    }
}

extension BinaryReader {
    mutating func nextCheckpoint() -> SourceCheckpoint {
        var state = SourceState()
        let flags: UInt8 = next()
        if flags > 3 { spoil() }
        if flags & 1 != 0 {
            state.intent = SourceIntent(slot: nextText(), systemID: nextText(), timeline: next())
        }
        if flags & 2 != 0 { state.position = LSN(next(UInt64.self)) }
        switch next(UInt8.self) {
        case 0: state.snapshot = .none
        case 1: state.snapshot = .unfinished(id: next())
        case 2: state.snapshot = .finished
        default: spoil()
        }
        for _ in 0..<nextCount(smallest: 6) {
            let topic = nextText()
            let count = nextCount(smallest: 1)
            state.relations[topic] = next(count: count)
        }
        var ends: [TopicPartition: Offset] = [:]
        for _ in 0..<nextCount(smallest: 14) {
            let name = TopicPartition(topic: nextText(), partition: next())
            let end = Offset(next(Int64.self))
            if name.partition < 0 || end < .zero { spoil() }
            ends[name] = end
        }
        return SourceCheckpoint(state: state, ends: ends)
    }
}
