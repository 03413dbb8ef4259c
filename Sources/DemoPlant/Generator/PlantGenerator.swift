/// Makes ERP transactions from a seed: the same seed gives the same statements, so a failure can be had again.
///
/// Pure. Its statements succeed when they are run in order, all of a lane's by one session; lanes run side by side because none
/// touches another's rows. (Two that truncate at once may meet in a deadlock, which Postgres resolves: see ``PlantSession``.)
package struct PlantGenerator: Sendable {
    /// Rows are kept around these counts, so that a long run stays as fast as a short one.
    private static let itemsAtMost = 300
    private static let ordersAtMost = 200
    private static let ordersAtLeast = 20

    package let lane: Int
    var random: SeededRandom
    var model = PlantModel()
    /// Of the transaction that is being made.
    var statements: [PlantStatement] = []
    private var transactions = 0

    package init(seed: UInt64, lane: Int = 0) {
        precondition((0...9).contains(lane), "Lane \(lane)")
        self.lane = lane
        random = SeededRandom(seed: seed &+ UInt64(lane) &* 7_919)
    }

    /// What the ERP holds before anybody captures it. Run it once, first.
    package mutating func fill() -> PlantTransaction {
        for _ in 0..<12 { _ = createAssembly() }
        for _ in 0..<8 { _ = createForeignItem() }
        for _ in 0..<Self.ordersAtLeast { _ = releaseOrder() }
        _ = loadMachineLog()
        return finish(isRolledBack: false)
    }

    /// The next transaction of one to three steps, each over one or more tables.
    package mutating func next() -> PlantTransaction {
        let before = random.chance(percent: 3) ? model : nil
        for _ in 0..<random.number(1...3) { step() }
        if random.chance(percent: 3) {
            let atSavepoint = model
            execute("savepoint plan")
            step()
            execute("rollback to savepoint plan")
            model = atSavepoint
        }
        if random.chance(percent: 3) {
            execute("savepoint plan")
            step()
            execute("release savepoint plan")
        }
        if let before { model = before }
        return finish(isRolledBack: before != nil)
    }

    mutating func execute(_ sql: String, _ parameters: [String?] = []) {
        statements.append(.execute(sql, parameters))
    }

    private mutating func finish(isRolledBack: Bool) -> PlantTransaction {
        transactions += 1
        defer { statements = [] }
        return PlantTransaction(number: transactions, lane: lane, statements: statements, isRolledBack: isRolledBack)
    }

    private mutating func step() {
        if model.orders.count < Self.ordersAtLeast, releaseOrder() { return }
        if model.orders.count > Self.ordersAtMost, deleteOrder() { return }
        if model.items.count > Self.itemsAtMost, deleteItem() { return }
        // A step that finds nothing to do is followed by another; one that always finds something is among them.
        while true {
            var ticket = random.number(1...Self.totalWeight)
            for candidate in Self.steps {
                ticket -= candidate.weight
                if ticket <= 0 {
                    if candidate.run(&self) { return }
                    break
                }
            }
        }
    }

    private static let totalWeight = steps.reduce(0) { $0 + $1.weight }

    /// What happens how often, in thousandths or so.
    private static let steps: [(weight: Int, run: @Sendable (inout PlantGenerator) -> Bool)] = [
        (180, { $0.releaseOrder() }),
        (200, { $0.reportOperation() }),
        (60, { $0.addOperation() }),
        (40, { $0.removeOperation() }),
        (40, { $0.replaceOperation() }),
        (60, { $0.deleteOrder() }),
        (50, { $0.moveOrder() }),
        (30, { $0.renumberOrder() }),
        (15, { $0.shiftPriorities() }),
        (60, { $0.createAssembly() }),
        (20, { $0.createForeignItem() }),
        (120, { $0.changeItem() }),
        (30, { $0.reviseSpecification() }),
        (40, { $0.moveItem() }),
        (30, { $0.renumberItem() }),
        (40, { $0.deleteItem() }),
        (50, { $0.retireBOMLine() }),
        (20, { $0.removeBOMLine() }),
        (100, { $0.logSignals() }),
        (15, { $0.loadMachineLog() }),
        (30, { $0.annotateMachineLog() }),
        (20, { $0.trimMachineLog() }),
        (3, { $0.truncateMachineLog() }),
    ]
}
