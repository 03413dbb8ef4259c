package import ChangeEvents
package import RecordFormat

/// Everything that capture looks at before it makes anything on the source. ``FactReader`` asks for it; ``Preflight`` decides.
package struct SourceFacts: Sendable, Equatable {
    package struct System: Sendable, Equatable {
        package var systemID: String
        package var timeline: UInt32
        /// Up to where its WAL is on its disk.
        package var walEnd: LSN?

        package init(systemID: String, timeline: UInt32, walEnd: LSN? = nil) {
            self.systemID = systemID
            self.timeline = timeline
            self.walEnd = walEnd
        }
    }

    package struct Table: Sendable, Equatable {
        package var oid: UInt32
        package var name: TableName
        /// `pg_class.relkind`: r table, p partitioned table.
        package var kind: String
        /// `pg_class.relpersistence`: p permanent, u unlogged, t temporary.
        package var persistence: String
        package var identity: ReplicaIdentity
        /// A valid primary key that is not deferrable.
        package var hasPrimaryKey = true
        /// The index of `REPLICA IDENTITY USING INDEX` is there and valid.
        package var hasIdentityIndex = false
        /// A unique index that could be the replica identity.
        package var candidateIndex: String?
        package var isOwned = true
        package var isReadable = true
        /// The partitioned tables that it is a part of.
        package var ancestors: [UInt32] = []

        package init(
            oid: UInt32, name: TableName, kind: String = "r", persistence: String = "p",
            identity: ReplicaIdentity = .default
        ) {
            self.oid = oid
            self.name = name
            self.kind = kind
            self.persistence = persistence
            self.identity = identity
        }
    }

    package struct Publication: Sendable, Equatable {
        package var isForAllTables = false
        package var hasSchemas = false
        package var isOwned = true
        /// Publishes inserts, updates, deletes and truncates.
        package var publishesEverything = true
        /// Publishes changes of partitions as those of the published root.
        package var publishesViaRoot = true
        /// Without row filters and column lists.
        package var tables: Set<UInt32> = []
        /// Tables with a row filter or a column list.
        package var restricted: Set<UInt32> = []

        package init() {}
    }

    package struct Slot: Sendable, Equatable {
        package var isLogical = true
        package var plugin = "pgoutput"
        package var database: String
        package var activeProcess: Int32?
        package var confirmed: LSN?
        /// `reserved`, `extended`, `unreserved` or `lost`.
        package var walStatus = "reserved"

        package init(database: String, confirmed: LSN?) {
            self.database = database
            self.confirmed = confirmed
        }
    }

    package var serverVersion: Int32
    package var walLevel: String
    package var encoding: String
    package var role: String
    package var database: String
    package var mayCreateInDatabase = true
    package var slotsInUse = 0
    package var slotLimit = 10
    /// `wal_sender_timeout`: who says nothing for this long is cut off. `nil` if it is turned off.
    package var senderTimeout: Duration?
    package var system: System
    /// The configured tables that are there.
    package var tables: [Table]
    /// All tables of the database, for a misspelt name.
    package var allTables: [TableName] = []
    package var publication: Publication?
    package var slot: Slot?

    package init(
        serverVersion: Int32, walLevel: String, encoding: String, role: String, database: String, system: System,
        tables: [Table]
    ) {
        self.serverVersion = serverVersion
        self.walLevel = walLevel
        self.encoding = encoding
        self.role = role
        self.database = database
        self.system = system
        self.tables = tables
    }

    /// How often the server must hear from us: four times within its time-out, because while too much is unsynced nothing is
    /// read, its questions neither.
    package func statusInterval(atMost longest: Duration) -> Duration {
        senderTimeout.map { min(longest, $0 / 4) } ?? longest
    }
}
