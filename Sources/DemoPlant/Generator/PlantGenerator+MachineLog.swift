/// What the machines report: much, at once, and thrown away now and then.
extension PlantGenerator {
    private static let columns = "id, machine, recorded_at, signal, reading, note"

    mutating func logSignals() -> Bool {
        for _ in 0..<random.number(1...4) {
            execute("insert into erp.machine_log (\(Self.columns)) values ($1, $2, $3, $4, $5, $6)", signal())
        }
        return true
    }

    /// About a thousand rows by one COPY: Postgres gives them all the same log position.
    mutating func loadMachineLog() -> Bool {
        let rows = (0..<random.number(900...1_100)).map { _ in signal() }
        statements.append(.copy("copy erp.machine_log (\(Self.columns)) from stdin", rows: rows))
        return true
    }

    mutating func annotateMachineLog() -> Bool {
        execute(
            "update erp.machine_log set note = $2 where machine = $1 and id % 11 = $3",
            [machine(), note(), "\(random.number(0...10))"])
        return true
    }

    mutating func trimMachineLog() -> Bool {
        execute(
            """
            delete from erp.machine_log
            where id in (select id from erp.machine_log where machine = $1 order by id limit 150)
            """,
            [machine()])
        return true
    }

    mutating func truncateMachineLog() -> Bool {
        execute("truncate erp.machine_log")
        return true
    }

    /// A lane has machines of its own.
    private mutating func machine() -> String { "\(random.pick(PlantVocabulary.machines))/\(lane)" }

    private mutating func signal() -> [String?] {
        let reading: [String?] = [
            random.decimal(0...400, places: 2), random.decimal(0...1, places: 6), "-17", "1e-07", "NaN", nil,
        ]
        return [
            "\(lane * 1_000_000_000_000 + model.nextNumber())", machine(), instant(),
            random.pick(PlantVocabulary.signals), random.pick(reading), note(),
        ]
    }
}
