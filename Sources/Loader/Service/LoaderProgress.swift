package import RecordFormat

/// How far a flow's loading has come: what is committed in the target.
package struct LoaderProgress: Sendable, Equatable {
    /// Changes of rows, since the service started; those that a filter left out are counted as well.
    package var rows = 0
    /// Source transactions, since the service started.
    package var transactions = 0
    /// Commits in the target, since the service started.
    package var commits = 0
    /// When the last loaded source transaction was committed, in microseconds since 1970.
    package var lastCommitTime: Int64?
    /// The first record of the transaction index that is not loaded yet.
    package var nextIndexOffset = Offset.zero
    /// Up to where in the ERP's WAL the target is.
    package var endLSN: LSN?
    /// A snapshot has begun and not ended; foreign keys of the target hold again when it has.
    package var isInSnapshot = false
    /// Why the last attempt failed that is going to be repeated.
    package var waitingFor: LoaderError?

    package init() {}
}
