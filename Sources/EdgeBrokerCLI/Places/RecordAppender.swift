import RecordFormat

/// Takes records for one topic's partitions, a line each, and knows how far it has come.
protocol RecordAppender: Sendable {
    /// Bytes of records that may go together, as far as is known.
    var mostBytes: Int { get }
    /// How many are as durable as the topic promises.
    var appended: Int { get }
    /// Takes the next lines, which may still be on their way when it returns.
    /// - Throws: a `Failure` that names the line which was not appended and says how many are.
    func append(_ records: [Record], to partition: Int32) async throws
    /// Returns when everything that was taken is appended. In a cancelled task it waits only some seconds.
    /// - Throws: as ``append(_:to:)``.
    func finish() async throws
}
