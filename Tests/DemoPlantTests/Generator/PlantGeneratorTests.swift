import DemoPlant
import Testing

@Suite("The generator of ERP transactions")
struct PlantGeneratorTests {
    private func transactions(seed: UInt64, lane: Int = 0, count: Int = 300) -> [PlantTransaction] {
        var generator = PlantGenerator(seed: seed, lane: lane)
        return [generator.fill()] + (0..<count).map { _ in generator.next() }
    }

    @Test("gives the same statements for the same seed, and others for another")
    func isDeterministic() {
        #expect(transactions(seed: 7) == transactions(seed: 7))
        #expect(transactions(seed: 7) != transactions(seed: 8))
    }

    @Test("numbers transactions of a lane without a gap, those that are rolled back too")
    func numbersTransactions() {
        let made = transactions(seed: 3, lane: 2)
        #expect(made.map(\.number) == Array(1...301))
        #expect(made.allSatisfy { $0.lane == 2 })
        #expect(made.contains { $0.isRolledBack })
    }

    @Test("does, within 2,000 transactions, everything that a reader of the log must cope with")
    func coversEveryKind() {
        var begins: Set<String> = []
        var copied: [Int] = []
        for transaction in transactions(seed: 1, count: 2_000) {
            for statement in transaction.statements {
                switch statement {
                case .execute(let sql, _): begins.insert(sql.split(separator: " ").prefix(3).joined(separator: " "))
                case .copy(_, let rows): copied.append(rows.count)
                }
            }
        }
        for table in ["items", "bom_lines", "work_orders", "work_order_ops", "machine_log"] {
            #expect(begins.contains { $0.hasPrefix("insert into erp.\(table)") }, "\(table)")
            #expect(begins.contains { $0.hasPrefix("update erp.\(table)") }, "\(table)")
            #expect(begins.contains { $0.hasPrefix("delete from erp.\(table)") }, "\(table)")
        }
        #expect(begins.isSuperset(of: ["truncate erp.machine_log", "rollback to savepoint", "release savepoint plan"]))
        #expect(copied.count > 10 && copied.allSatisfy { (900...1_100).contains($0) })
    }
}
