package import ChangeEvents
package import RecordFormat

/// One message of the output plug-in `pgoutput`, protocol version 1, text format.
/// <https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html>
///
/// Integers are big-endian, text ends with a NUL, times are microseconds since 2000-01-01.
///
/// | kind       | layout                                                                                      |
/// |:-----------|:--------------------------------------------------------------------------------------------|
/// | `B` begin  | commit LSN 8 · commit time 8 · xid 4                                                        |
/// | `C` commit | flags 1 · commit LSN 8 · end LSN 8 · commit time 8                                          |
/// | `O` origin | commit LSN there 8 · name                                                                   |
/// | `R`        | oid 4 · schema · name · identity 1 (`d n f i`) · columns 2 × { flags 1 (1: key) · name · type 4 · typmod 4 } |
/// | `Y` type   | oid 4 · schema · name                                                                       |
/// | `I` insert | oid 4 · `N` row                                                                             |
/// | `U` update | oid 4 · [`K` or `O` row] · `N` row                                                          |
/// | `D` delete | oid 4 · `K` or `O` row                                                                      |
/// | `T`        | tables 4 · flags 1 · oid 4 each                                                             |
/// | `M`        | flags 1 (1: transactional) · LSN 8 · prefix · length 4 · bytes                              |
/// | row        | columns 2 × { `n` null · `u` unchanged · `t` length 4 text }                                |
///
/// Valid when nothing is left over. Cells and content point into the message's own bytes.
package enum PgOutputMessage: Sendable, Equatable {
    case begin(Begin)
    case commit(Commit)
    case origin
    case relation(Relation)
    case type
    case insert(relation: UInt32, new: TextTuple)
    case update(relation: UInt32, old: OldRow?, new: TextTuple)
    case delete(relation: UInt32, old: OldRow)
    case truncate(relations: [UInt32])
    case message(LogicalMessage)

    package struct Begin: Sendable, Equatable {
        package let commitLSN: LSN
        /// Microseconds since 1970.
        package let commitTime: Int64
        package let transactionID: UInt32

        package init(commitLSN: LSN, commitTime: Int64, transactionID: UInt32) {
            self.commitLSN = commitLSN
            self.commitTime = commitTime
            self.transactionID = transactionID
        }
    }

    package struct Commit: Sendable, Equatable {
        package let commitLSN: LSN
        package let endLSN: LSN

        package init(commitLSN: LSN, endLSN: LSN) {
            self.commitLSN = commitLSN
            self.endLSN = endLSN
        }
    }

    package struct Relation: Sendable, Equatable {
        package struct Column: Sendable, Equatable {
            package let name: String
            package let type: UInt32
            package let typeModifier: Int32
            /// Part of the replica identity; under `FULL`, all are.
            package let isIdentity: Bool

            package init(name: String, type: UInt32, typeModifier: Int32, isIdentity: Bool) {
                self.name = name
                self.type = type
                self.typeModifier = typeModifier
                self.isIdentity = isIdentity
            }
        }

        package let oid: UInt32
        package let table: TableName
        package let identity: ReplicaIdentity
        package let columns: [Column]

        package init(oid: UInt32, table: TableName, identity: ReplicaIdentity, columns: [Column]) {
            self.oid = oid
            self.table = table
            self.identity = identity
            self.columns = columns
        }
    }

    package enum OldRow: Sendable, Equatable {
        /// `K`: the columns of the replica identity's index; the others come as null and mean nothing.
        case key(TextTuple)
        /// `O`: the whole row.
        case full(TextTuple)

        package var tuple: TextTuple {
            switch self {
            case .key(let tuple), .full(let tuple): tuple
            }
        }
    }

    package struct LogicalMessage: Sendable, Equatable {
        package let isTransactional: Bool
        package let lsn: LSN
        package let prefix: String
        package let content: Range<Int>

        package init(isTransactional: Bool, lsn: LSN, prefix: String, content: Range<Int>) {
            self.isTransactional = isTransactional
            self.lsn = lsn
            self.prefix = prefix
            self.content = content
        }
    }
}
