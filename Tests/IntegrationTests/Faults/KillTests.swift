import DemoPlant
import EdgeBrokerTesting
import Foundation
import PostgresClient
import PrivateCluster
import Testing

/// Faults of the whole path, on the built binary. `EDGEBROKER_KILLS` sets how often the process is killed.
@Suite("The whole path", .serialized)
struct KillTests {
    private static let kills = ProcessInfo.processInfo.environment["EDGEBROKER_KILLS"].flatMap { Int($0) } ?? 10
    private static let seed =
        ProcessInfo.processInfo.environment["EDGEBROKER_SEED"].flatMap { UInt64($0) } ?? 20_261_125

    private func transactionNow(_ plant: FactoryPlant) throws -> UInt32 {
        let id = try plant.erp().query("select (pg_current_xact_id()::text::numeric % 4294967296)::bigint").single
        return id.flatMap { UInt32($0) } ?? 0
    }

    /// Everything that must hold once nobody changes the ERP any longer.
    private func check(_ plant: FactoryPlant, _ reader: MinutesReader, from transaction: UInt32) async throws {
        try plant.drain()
        let seen = reader.stop()
        #expect(seen.torn.isEmpty)
        #expect(seen.looks > 0)
        #expect(try #require(plant.serve).terminate() == 0)
        plant.serve = nil
        let comparison = try plant.compare()
        #expect(comparison.isEqual, "\(comparison.summary): \(comparison.differences)")
        #expect(comparison.rowCount > 100)
        let history = try await TopicHistory(dataPath: plant.dataPath, erp: try plant.erp(), from: transaction)
        #expect(history.mistakes.isEmpty, "\(history.mistakes.prefix(3))")
        #expect(history.changes > 1000)
        let verdict = try ServeProcess.run(["log", "verify", plant.dataPath])
        #expect(verdict.code == 0, "\(verdict.out)\(verdict.talk)")
    }

    @Test("loses, repeats and tears nothing when the process is killed at any moment")
    func kill() async throws {
        let plant = try FactoryPlant(seed: Self.seed)
        var random = SeededGenerator(seed: Self.seed)
        // Twice into the first snapshot.
        for _ in 0..<2 {
            try plant.start()
            try plant.work(transactions: random.within(0...5))
            plant.serve?.kill()
        }
        try plant.start()
        try plant.waitForSnapshot()
        let transaction = try transactionNow(plant)
        let reader = MinutesReader(plant.mesPath)
        let busy = PlantActivity(plant.conninfo, PlantGenerator(seed: Self.seed, lane: 1), transactionsPerSecond: 200)
        for _ in 0..<Self.kills {
            try plant.work(transactions: 2000 / Self.kills + random.within(0...20))
            plant.serve?.kill()
            try plant.work(transactions: random.within(0...10))
            try plant.start()
        }
        try busy.stop()
        try await check(plant, reader, from: transaction)
    }

    @Test("loses, repeats and tears nothing when Postgres stops, starts and crashes")
    func postgres() async throws {
        let plant = try FactoryPlant(seed: Self.seed &+ 1)
        try plant.start()
        try plant.waitForSnapshot()
        let transaction = try transactionNow(plant)
        let reader = MinutesReader(plant.mesPath)
        let busy = PlantActivity(plant.conninfo, PlantGenerator(seed: Self.seed, lane: 2), transactionsPerSecond: 200)
        for mode in [PrivateCluster.StopMode.fast, .immediate, .immediate, .fast] {
            try plant.work(transactions: 150)
            try plant.cluster.restart(mode)
        }
        try plant.work(transactions: 100)
        try busy.stop()
        try await check(plant, reader, from: transaction)
    }
}
