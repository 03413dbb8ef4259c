import RecordFormat
import SQLiteClient

/// The tables in the target in which a flow is remembered.
///
/// | table                 | columns                                                                                            |
/// |:----------------------|:---------------------------------------------------------------------------------------------------|
/// | `edgebroker_position` | `flow` (key), `slot`, `log_id` (the index topic's id), `next_offset` (of the index), `end_lsn`     |
/// |                       | (`X/Y` or NULL), `checksum` (CRC-32C of the last index record's value), `generation` (counts       |
/// |                       | claims; a commit of an older one fails), `format` (1; a higher one is refused)                     |
/// | `edgebroker_relation` | `flow`, `topic` (key), `description`: the bytes of the last relation record                        |
/// | `edgebroker_snapshot` | only while one runs: `flow`, `target` (key), `snapshot` (its id), `noting` (1 if the keys it wrote |
/// |                       | are in `edgebroker_seen_<target>`, 0 if the table was empty, NULL if it was not prepared yet)      |
struct SQLitePosition {
    private static let format: Int64 = 1

    private let database: SQLiteDatabase
    private let flow: SQLiteValue
    private let generation: Int64
    private let advanceStatement: SQLiteStatement
    private(set) var position: LoadPosition

    /// Within a transaction: makes the tables if need be and takes the flow.
    init(_ identity: LoadIdentity, on database: SQLiteDatabase) throws(LoaderError) {
        self.database = database
        flow = .text(identity.flow)
        do throws(SQLiteError) {
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS edgebroker_position (
                  flow TEXT NOT NULL PRIMARY KEY, slot TEXT NOT NULL, log_id TEXT NOT NULL, next_offset INTEGER NOT NULL,
                  end_lsn TEXT, checksum INTEGER NOT NULL, generation INTEGER NOT NULL, format INTEGER NOT NULL
                );
                CREATE TABLE IF NOT EXISTS edgebroker_relation (
                  flow TEXT NOT NULL, topic TEXT NOT NULL, description BLOB NOT NULL, PRIMARY KEY (flow, topic)
                );
                CREATE TABLE IF NOT EXISTS edgebroker_snapshot (
                  flow TEXT NOT NULL, target TEXT NOT NULL, snapshot TEXT NOT NULL, noting INTEGER, PRIMARY KEY (flow, target)
                );
                """)
            advanceStatement = try database.prepare(
                """
                UPDATE edgebroker_position SET next_offset = ?1, end_lsn = ?2, checksum = ?3 WHERE flow = ?4 AND generation = ?5
                """)
            let rows = try database.prepare(
                """
                SELECT slot, log_id, next_offset, end_lsn, checksum, generation, format FROM edgebroker_position WHERE flow = ?
                """
            ).rows([flow])
            guard let row = rows.first else {
                position = .start
                generation = 1
                try database.prepare(
                    "INSERT INTO edgebroker_position VALUES (?1, ?2, ?3, 0, NULL, 0, 1, ?4)"
                ).run([flow, .text(identity.slot), .text(identity.logID), .integer(Self.format)])
                return
            }
            guard case .integer(let format) = row[6], format <= Self.format else {
                throw SQLiteError(.refused, "newer", remedy: "")
            }
            guard row[0] == .text(identity.slot), row[1] == .text(identity.logID),
                case .integer(let previous) = row[5], let found = Self.position(Array(row[2...4]))
            else { throw SQLiteError(.mismatch, "foreign", remedy: "") }
            position = found
            generation = previous &+ 1
            try database.prepare("UPDATE edgebroker_position SET generation = ?1 WHERE flow = ?2")
                .run([.integer(generation), flow])
        } catch {
            switch error.code {
            case .refused where error.message == "newer":
                throw LoaderError(
                    .newerFormat, "\(database.name): the position of flow \(identity.flow) is of a newer format.",
                    remedy: "Run the edgebroker that wrote it, or a newer one.")
            case .mismatch where error.message == "foreign":
                throw LoaderError(
                    .foreignLog,
                    "\(database.name): the position of flow \(identity.flow) is of another log than slot \(identity.slot) with id \(identity.logID).",
                    remedy:
                        "Put the data directory back that belongs to it, or delete the flow's row in edgebroker_position to load everything anew."
                )
            default: throw LoaderError(error, "edgebroker_position")
            }
        }
    }

    private static func position(_ row: [SQLiteValue]) -> LoadPosition? {
        guard case .integer(let next) = row[0], next >= 0, case .integer(let checksum) = row[2],
            let checksum = UInt32(exactly: checksum)
        else { return nil }
        var endLSN: LSN?
        if case .text(let text) = row[1] { endLSN = LSN(text) }
        return LoadPosition(nextOffset: Offset(next), endLSN: endLSN, checksum: checksum)
    }

    /// In the transaction of the rows.
    /// - Throws: `.fenced` if somebody else has taken the flow.
    func advance(to position: LoadPosition) throws(LoaderError) {
        do throws(SQLiteError) {
            try advanceStatement.run([
                .integer(position.nextOffset.rawValue), position.endLSN.map { .text($0.description) } ?? .null,
                .integer(Int64(position.checksum)), flow, .integer(generation),
            ])
        } catch {
            throw LoaderError(error, "edgebroker_position")
        }
        guard database.changes == 1 else {
            throw LoaderError(
                .fenced, "\(database.name): another process has begun to load this flow.",
                remedy: "Let one edgebroker load a flow into a target.")
        }
    }

    /// What is in the database now.
    func readBack() throws(SQLiteError) -> LoadPosition? {
        let rows = try database.prepare(
            "SELECT next_offset, end_lsn, checksum FROM edgebroker_position WHERE flow = ?1 AND generation = ?2"
        ).rows([flow, .integer(generation)])
        return rows.first.flatMap(Self.position)
    }

    mutating func settle(_ position: LoadPosition) { self.position = position }

    // MARK: Relations

    func relations() throws(SQLiteError) -> [String: [UInt8]] {
        var relations: [String: [UInt8]] = [:]
        for row in try database.prepare("SELECT topic, description FROM edgebroker_relation WHERE flow = ?").rows([flow]
        ) {
            if case .text(let topic) = row[0], case .blob(let description) = row[1] { relations[topic] = description }
        }
        return relations
    }

    func keep(relation: [UInt8], of topic: String) throws(SQLiteError) {
        try database.prepare(
            """
            INSERT INTO edgebroker_relation VALUES (?1, ?2, ?3) ON CONFLICT (flow, topic) DO UPDATE SET description = ?3
            """
        ).run([flow, .text(topic), .blob(relation)])
    }
}
