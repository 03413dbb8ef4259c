import PostgresClient
import PrivateCluster
import SQLiteClient

/// The demonstration: an ERP of its own, a MES of its own, changes every second in between, and a comparison at the end.
///
/// Blocks; not for Swift's cooperative pool.
package struct DemoRun {
    /// How long the changes go on.
    package var seconds = 15
    /// An empty or new folder that is to hold everything afterwards; nil: nothing is kept.
    package var directory: String?
    package var seed: UInt64 = 2026
    /// ERP transactions of one to thirty rows, with a COPY of a thousand now and then.
    package var transactionsPerSecond = 100

    /// Snapshot and drain take a second or two; a slow disk may need many more.
    private static let patience = Duration.seconds(60)

    package init() {}

    package struct Outcome: Sendable {
        package let comparison: PlantComparison
        /// How often the MES was looked at while it was loaded, and how often half a transaction was to be seen.
        package let looks: Int
        package let tornLooks: Int

        /// What the last line says after `demo: `.
        package var summary: String {
            tornLooks == 0
                ? comparison.summary : "different, half a transaction was seen in \(tornLooks) of \(looks) looks"
        }
        package var isEqual: Bool { comparison.isEqual && tornLooks == 0 }
    }

    /// Gives the demonstration.
    ///
    /// - Parameters:
    ///   - isInterrupted: asked now and then; everything is put away before the error is thrown.
    ///   - line: takes the lines of figures.
    ///   - talk: takes what else a person wants to know.
    ///   - start: starts the pipeline and returns without waiting for the snapshot.
    /// - Throws: ``DemoError``, what the pipeline failed with, and the errors of Postgres and SQLite.
    package func run(
        isInterrupted: @escaping () -> Bool, line: (String) -> Void, talk: (String) -> Void,
        start: (DemoSite) throws -> any DemoPipeline
    ) throws -> Outcome {
        let folder = try DemoFolder(kept: directory)
        defer { folder.leave() }
        talk("Starting a Postgres of its own as the ERP …")
        let cluster = try PrivateCluster(ClusterOptions(directory: folder.cluster))
        let erp = try PostgresConnection(cluster.conninfo())
        var generator = PlantGenerator(seed: seed)
        try ERPSchema.create(on: erp, history: false)
        try PlantSession(cluster.conninfo()).run(generator.fill())
        try MESSchema.create(on: SQLiteDatabase(path: folder.site.mes))
        try folder.write(flow: DemoFlow.text(postgres: cluster.conninfo(), sqlite: "mes.db"))

        let pipeline = try start(folder.site)
        let observer = try MESObserver(folder.site.mes)
        var stage = DemoStage(erp: erp, observer: observer, pipeline: pipeline, isInterrupted: isInterrupted)
        do {
            let began = ContinuousClock.now
            try stage.drain(within: Self.patience)
            talk("Snapshot: \(pipeline.captured) rows in \(Int((ContinuousClock.now - began) / .milliseconds(1))) ms.")
            let activity = PlantActivity(cluster.conninfo(), generator, transactionsPerSecond: transactionsPerSecond)
            do {
                for second in 1...max(1, seconds) { line(try stage.second(second, activity).text) }
            } catch {
                try? activity.stop()
                throw error
            }
            try activity.stop()
            try stage.drain(within: Self.patience)
        } catch {
            try? pipeline.stop()
            throw error
        }
        try pipeline.stop()

        let comparison = PlantComparison(
            try ExpectedRows(erp), try ActualRows(SQLiteDatabase(path: folder.site.mes, .readOnly)))
        comparison.differences.forEach(talk)
        talk(
            "Looked at the MES \(DemoLine.grouped(observer.looks)) times meanwhile, "
                + "saw half a transaction \(DemoLine.grouped(observer.tornLooks)) times.")
        if !folder.isThrowAway {
            talk("Kept in \(folder.path): edgebroker.yaml, \(DemoFlow.name).yaml, log, mes.db, erp.")
        }
        return Outcome(comparison: comparison, looks: observer.looks, tornLooks: observer.tornLooks)
    }
}
