import ChangeEvents
import EdgeBroker
import Logging
import PostgresClient
import RecordFormat

/// One attempt to capture: from connecting to whatever ends it. It runs on the capturing thread.
struct CaptureAttempt: Sendable {
    let configuration: CaptureConfiguration
    let source: SourceLog
    let stop: StopSignal
    let counters: CaptureCounters
    let logger: Logger

    /// - Throws: always; `.stopped` when it was asked to.
    func run() throws(CaptureError) {
        counters.update { $0.phase = .connecting }
        let state = try ask { () throws(BrokerError) in try await source.begin() }
        // Below it, reading goes on: whoever waits for room looks again.
        source.onRoom(below: configuration.maximumUnsyncedBytes / 2 + 1) { [wakeup = stop.wakeup] in wakeup.signal() }
        let captured = try configuration.captured()
        let replication = try connect(isReplication: true)
        let system = try system(replication)
        let connection = try connect(isReplication: false)
        let facts = try FactReader(connection: connection, configuration: configuration).facts(system)
        let preflight = try Preflight(facts, configuration, state)
        reportAdded(captured, state)

        // From here on things are made.
        for table in captured { try ask { () throws(BrokerError) in try await source.createTopic(table.topic) } }
        try publish(preflight, connection)
        let tables = facts.tables.compactMap { facts in
            captured.first { $0.name == facts.name }.map { (facts: facts, captured: $0) }
        }
        let writer: LogWriter
        var described = state.relations
        switch preflight.slot {
        case .resume(let position): writer = LogWriter(source, position: position, stop: stop)
        case .create, .dropAndCreate:
            writer = LogWriter(source, position: LSN(0), stop: stop)
            do throws(CaptureError) {
                if state.intent == nil { try writeIntent(writer, system) }
                if preflight.slot == .dropAndCreate { try dropSlot(connection) }
                let slot = try createSlot(replication)
                let session = SnapshotSession(
                    configuration, tables, connection, writer, id: nextSnapshot(state), consistentPoint: slot.point,
                    snapshotName: slot.snapshot, counters: counters, logger: logger)
                described.merge(try session.run()) { $1 }
            } catch {
                writer.settle(within: error.code == .stopped ? LogWriter.lastPatience : nil)
                throw stop.isStopped ? StopSignal.stopped : error
            }
        }
        try stream(replication, connection, writer, tables, described, facts)
    }

    private func stream(
        _ replication: PostgresConnection, _ connection: PostgresConnection, _ writer: LogWriter,
        _ tables: [(facts: SourceFacts.Table, captured: CapturedTables.Table)], _ described: [String: [UInt8]],
        _ facts: SourceFacts
    ) throws(CaptureError) {
        let position = writer.confirmation.appended
        let stream: ReplicationStream
        do throws(PostgresError) {
            let options = try ReplicationCommand.pgoutputOptions(publications: [configuration.publication])
            stream = try replication.startReplication(
                try ReplicationCommand.start(slot: configuration.slot, at: position.description, options: options))
        } catch {
            writer.settle(within: nil)
            throw stop.isStopped ? StopSignal.stopped : CaptureError(error, "Cannot read slot \(configuration.slot)")
        }
        stop.spares(replication)
        logger.info("Streaming", metadata: ["slot": "\(configuration.slot)", "from": "\(position)"])
        counters.update { $0.phase = .streaming }
        let machine = TransactionMachine(
            CapturedTables(tables.map { (oid: $0.facts.oid, table: $0.captured) }), position: position,
            described: described, messagesTopic: configuration.messagesTopic,
            writesTombstones: configuration.writesTombstones)
        let session = StreamSession(
            configuration, statusInterval: facts.statusInterval(atMost: configuration.statusInterval), stream, writer,
            CatalogueSession(configuration, connection, stop: stop), machine,
            topics: Set(tables.map(\.captured.topic)), counters: counters, logger: logger)
        try session.run()
    }

    // MARK: The source

    private func connect(isReplication: Bool) throws(CaptureError) -> PostgresConnection {
        let stop = stop
        do throws(PostgresError) {
            let connection = try PostgresConnection(
                configuration.connection,
                ConnectionOptions(applicationName: "edgebroker \(configuration.slot)", isReplication: isReplication),
                wakeup: stop.wakeup, isStopped: { stop.isStopped })
            stop.cutsOff(connection)
            return connection
        } catch {
            throw stop.isStopped ? StopSignal.stopped : CaptureError(error, "Cannot connect to the source")
        }
    }

    private func postgres<T>(_ what: String, _ body: () throws(PostgresError) -> T) throws(CaptureError) -> T {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw stop.isStopped ? StopSignal.stopped : CaptureError(error, what)
        }
    }

    private func system(_ replication: PostgresConnection) throws(CaptureError) -> SourceFacts.System {
        let result = try postgres("Cannot identify the source") { () throws(PostgresError) in
            try replication.simpleQuery("IDENTIFY_SYSTEM")
        }
        guard !result.isEmpty, let id = result[0, "systemid"],
            let timeline = result[0, "timeline"].flatMap({ UInt32($0) }),
            let end = result[0, "xlogpos"].flatMap({ LSN($0) })
        else {
            throw CaptureError(
                .protocolViolation, "The source does not say which cluster it is and where its WAL ends.",
                remedy: "Is it PostgreSQL?")
        }
        return SourceFacts.System(systemID: id, timeline: timeline, walEnd: end)
    }

    private func publish(_ preflight: Preflight, _ connection: PostgresConnection) throws(CaptureError) {
        for statement in preflight.publicationStatements {
            logger.info("Making the publication exact", metadata: ["statement": "\(statement)"])
            try postgres("Cannot make publication \(configuration.publication)") { () throws(PostgresError) in
                _ = try connection.simpleQuery(statement)
            }
        }
    }

    private func dropSlot(_ connection: PostgresConnection) throws(CaptureError) {
        logger.info(
            "Dropping the slot of a snapshot that was never whole", metadata: ["slot": "\(configuration.slot)"])
        try postgres("Cannot drop slot \(configuration.slot)") { () throws(PostgresError) in
            _ = try connection.query("SELECT pg_drop_replication_slot($1)", [configuration.slot])
        }
    }

    private func createSlot(_ replication: PostgresConnection) throws(CaptureError) -> (point: LSN, snapshot: String) {
        logger.info(
            "Making the slot; the source waits for the end of its older transactions",
            metadata: ["slot": "\(configuration.slot)"])
        let result = try postgres("Cannot make slot \(configuration.slot)") { () throws(PostgresError) in
            try replication.simpleQuery(
                try ReplicationCommand.createSlot(configuration.slot, serverVersion: replication.serverVersion))
        }
        counters.update { $0.phase = .snapshot }
        guard !result.isEmpty, let point = result[0, "consistent_point"].flatMap({ LSN($0) }),
            let snapshot = result[0, "snapshot_name"]
        else {
            throw CaptureError(
                .protocolViolation, "The source made a slot and does not say where it begins.",
                remedy: "It is dropped and made again; if this stays, report the server's version.")
        }
        return (point, snapshot)
    }

    // MARK: The log

    private func ask<T: Sendable>(
        _ question: @escaping @Sendable () async throws(BrokerError) -> T
    ) throws(CaptureError) -> T {
        try BrokerAnswer(stop.wakeup, question).wait(stop.wakeup)
    }

    /// In the log before the slot exists: whatever happens in between, the next start knows that the slot is ours.
    private func writeIntent(_ writer: LogWriter, _ system: SourceFacts.System) throws(CaptureError) {
        try writer.write(
            .intent(SourceIntent(slot: configuration.slot, systemID: system.systemID, timeline: system.timeline)))
        try writer.wait { () throws(CaptureError) in writer.confirmation.hasNothingInFlight }
    }

    private func nextSnapshot(_ state: SourceState) -> UInt64 {
        switch state.snapshot {
        case .unfinished(let id): id &+ 1
        case .none, .finished: 1
        }
    }

    private func reportAdded(_ captured: [CapturedTables.Table], _ state: SourceState) {
        guard state.snapshot == .finished else { return }
        let added = captured.filter { state.relations[$0.topic] == nil }.map(\.name.description)
        if added.isEmpty { return }
        logger.notice(
            "Tables were added after the snapshot: their rows of before are not captured, only changes from now on",
            metadata: ["tables": "\(added.joined(separator: ", "))"])
    }
}
