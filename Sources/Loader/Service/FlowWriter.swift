import ChangeEvents
import RecordFormat

/// Turns what the transaction index and its rows say into transactions of the target: one or several whole source transactions in
/// each. Blocking; one thread's.
final class FlowWriter {
    private struct Described {
        let bytes: [UInt8]
        let description: TableDescription
        let tables: [(mapping: CompiledMapping, number: Int)]
    }

    private let identity: LoadIdentity
    private let mappings: [TableMapping]
    private let target: any LoadTarget
    /// By topic, newest first: the description of its table, and those before it that rows of the transaction which changed the
    /// table may still have. The index tells all of them before that transaction's rows.
    private var topics: [String: [Described]] = [:]
    /// What is committed in the target.
    private(set) var position = LoadPosition.start
    /// What the open transaction has reached.
    private var next = LoadPosition.start
    private var isOpen = false
    /// What the open transaction holds: changes of rows, source transactions, and index records of any kind.
    private(set) var rows = 0
    private(set) var transactions = 0
    private(set) var records = 0
    private(set) var isInSnapshot = false
    private(set) var lastCommitTime: Int64?
    /// A delete that waits for the change behind it: the two may be one row that got another key.
    private var waiting: (event: ChangeEvent, topic: String)?

    init(_ identity: LoadIdentity, _ mappings: [TableMapping], _ target: any LoadTarget) {
        self.identity = identity
        self.mappings = mappings
        self.target = target
    }

    /// Takes the flow, and gets the tables ready whose descriptions are known.
    func claim() throws(LoaderError) {
        let state = try target.claim(identity)
        position = state.position
        next = state.position
        isInSnapshot = state.isInSnapshot
        topics = [:]
        if state.relations.isEmpty { return }
        try begin()
        for (topic, description) in state.relations.sorted(by: { $0.key < $1.key }) {
            try take(relation: description, of: topic)
        }
        try commit()
    }

    private func begin() throws(LoaderError) {
        if isOpen { return }
        try target.begin()
        isOpen = true
    }

    /// Whether the flow loads anything of this topic; what it does not load need not be read.
    func isLoaded(_ topic: String) -> Bool { mappings.contains { $0.topic == topic } }

    /// What the rows of this topic may look like now, newest first.
    func descriptions(of topic: String) -> [TableDescription] { (topics[topic] ?? []).map(\.description) }

    /// Whether this description takes the place of another. Then the target must not be committed between it and the rows that
    /// follow: what is committed remembers one description, and these rows may need both.
    func replaces(relation description: [UInt8], of topic: String) -> Bool {
        topics[topic]?.first.map { $0.bytes != description } ?? false
    }

    func keep(relation description: [UInt8], of topic: String) throws(LoaderError) {
        guard isLoaded(topic) else { return }
        try begin()
        try target.keep(relation: description, of: topic)
        try take(relation: description, of: topic)
    }

    private func take(relation bytes: [UInt8], of topic: String) throws(LoaderError) {
        let description: TableDescription
        do throws(ChangeEventsError) {
            description = try TableDescription(decoding: bytes)
        } catch {
            throw LoaderError(.damagedRecords, "Topic \(topic): \(error.message)", remedy: error.remedy)
        }
        var tables: [(mapping: CompiledMapping, number: Int)] = []
        for mapping in mappings where mapping.topic == topic {
            let compiled: CompiledMapping
            do throws(MappingError) {
                compiled = try CompiledMapping(mapping, of: description)
            } catch {
                throw LoaderError(
                    .configuration,
                    "flow \(identity.flow): \(mapping.source) to \(mapping.target): \(error.description)",
                    remedy: "")
            }
            tables.append((compiled, try target.prepare(compiled)))
        }
        let earlier = (topics[topic] ?? []).drop { $0.bytes == bytes }
        topics[topic] = [Described(bytes: bytes, description: description, tables: tables)] + earlier
    }

    func apply(_ event: ChangeEvent, of topic: String) throws(LoaderError) {
        try begin()
        rows += 1
        if let (deleted, its) = waiting {
            waiting = nil
            if its == topic, event.continues(deleted) { return try move(deleted, to: event, of: topic) }
            try change(deleted, of: its)
        }
        if event.operation == .delete {
            waiting = (event, topic)
        } else {
            try change(event, of: topic)
        }
    }

    /// All rows of an index record have been applied: nothing comes behind a delete that waits, and what follows has the newest
    /// descriptions.
    func finishRows() throws(LoaderError) {
        if let (event, topic) = waiting {
            waiting = nil
            try change(event, of: topic)
        }
        for (topic, described) in topics where described.count > 1 { topics[topic] = Array(described.prefix(1)) }
    }

    private func change(_ event: ChangeEvent, of topic: String) throws(LoaderError) {
        for (mapping, number) in try tables(of: topic, for: event) {
            try apply(try effects(of: event, mapping), of: event, mapping, number)
        }
    }

    /// A change of key whose new row does not tell everything: what it leaves out is in the target under the old key.
    private func move(_ deleted: ChangeEvent, to created: ChangeEvent, of topic: String) throws(LoaderError) {
        // The two are one update, so they have one description; the delete alone may fit several.
        for (mapping, number) in try tables(of: topic, for: created) {
            let (old, new) = (try effects(of: deleted, mapping), try effects(of: created, mapping))
            if case .delete(let key)? = old.first, case .update(_, let columns, let values)? = new.first {
                try apply([.move(from: key, columns: columns, values: values)], of: created, mapping, number)
            } else {
                try apply(old + new, of: created, mapping, number)
            }
        }
    }

    private func tables(
        of topic: String, for event: ChangeEvent
    ) throws(LoaderError) -> [(mapping: CompiledMapping, number: Int)] {
        guard let described = topics[topic], let newest = described.first else {
            throw LoaderError(
                .damagedRecords, "Topic \(topic) has rows before any description of its table.",
                remedy: "Run `edgebroker log verify` on the data directory.")
        }
        if described.count == 1 { return newest.tables }
        return (described.first { $0.description.fits(event) } ?? newest).tables
    }

    private func effects(of event: ChangeEvent, _ mapping: CompiledMapping) throws(LoaderError) -> [RowEffect] {
        do throws(RowFailure) {
            return try mapping.effects(of: event)
        } catch {
            throw refused(event, mapping, error.reason, remedy: "")
        }
    }

    private func apply(
        _ effects: [RowEffect], of event: ChangeEvent, _ mapping: CompiledMapping, _ number: Int
    ) throws(LoaderError) {
        for effect in effects {
            do throws(LoaderError) {
                try target.apply(effect, to: number)
            } catch {
                throw error.code == .row ? refused(event, mapping, error.message, remedy: error.remedy) : error
            }
        }
    }

    /// The one line that `on_error: stop` stops with.
    private func refused(
        _ event: ChangeEvent, _ mapping: CompiledMapping, _ reason: String, remedy: String
    ) -> LoaderError {
        let row = event.key.map { RowKeyText.text($0) } ?? "of \(event.lsn), change \(event.sequence)"
        return LoaderError(
            .row,
            "flow \(identity.flow): table \(mapping.mapping.target), row \(row): \(reason)",
            remedy: remedy.isEmpty
                ? "Nothing after transaction \(event.lsn) is loaded until the flow or the row is changed." : remedy)
    }

    func beginSnapshot(_ id: UInt64, topics: [String]) throws(LoaderError) {
        precondition(!isOpen, "A snapshot begins in a transaction of its own")
        try begin()
        try target.beginSnapshot(id, targets: mappings.filter { topics.contains($0.topic) }.map(\.target))
        isInSnapshot = true
    }

    func endSnapshot(_ id: UInt64) throws(LoaderError) {
        precondition(!isOpen, "A snapshot ends in a transaction of its own")
        try begin()
        try named { () throws(LoaderError) in try target.endSnapshot(id) }
        isInSnapshot = false
    }

    /// The index record that the open transaction goes on with.
    var reached: Offset { next.nextOffset }

    /// A whole index record has been applied.
    func finish(indexOffset: Offset, value: [UInt8], endLSN: LSN?, commitTime: Int64?) throws(LoaderError) {
        records += 1
        next.nextOffset = indexOffset.advanced(by: 1)
        next.checksum = value.withUnsafeBytes { crc32c($0) }
        if let endLSN { next.endLSN = endLSN }
        if let commitTime {
            transactions += 1
            lastCommitTime = commitTime
        }
    }

    func commit() throws(LoaderError) {
        // Records without rows, as those of an idle source, move the position all the same.
        if next != position { try begin() }
        guard isOpen else { return }
        try named { () throws(LoaderError) in try target.commit(next) }
        isOpen = false
        position = next
        reset()
    }

    /// What a whole transaction breaks is no single row's fault, so nobody has said yet in which flow it is.
    private func named(_ body: () throws(LoaderError) -> Void) throws(LoaderError) {
        do throws(LoaderError) {
            try body()
        } catch {
            guard error.code == .foreignKeys else { throw error }
            throw LoaderError(error.code, "flow \(identity.flow): \(error.message)", remedy: error.remedy)
        }
    }

    /// Gives up what is not committed; ``claim()`` comes next.
    func rollBack() throws(LoaderError) {
        isOpen = false
        reset()
        try target.rollBack()
    }

    private func reset() {
        waiting = nil
        rows = 0
        transactions = 0
        records = 0
    }
}

extension ChangeEvent {
    /// Whether this is the second half of a change of key that `deleted` begins. Only an update leaves columns out, so a row that
    /// was deleted and another that was inserted are never taken for one.
    fileprivate func continues(_ deleted: ChangeEvent) -> Bool {
        operation == .create && !unchanged.isEmpty && sequence == deleted.sequence + 1 && lsn == deleted.lsn
    }
}
