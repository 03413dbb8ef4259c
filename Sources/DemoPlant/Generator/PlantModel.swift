/// What the generator knows about the rows it made: enough to change them without asking the database, and to leave alone
/// what a foreign key or the flow's filter would not survive.
struct PlantModel: Sendable {
    struct Item: Sendable {
        var number: String
        var plant: String
        var type: String
        /// Numbers of its BOM's lines, with the slot of the component.
        var lines: [(number: Int, component: Int)] = []
        /// BOM lines that name it as component, and work orders that make it.
        var uses = 0

        /// Whether plant P01's MES has it: BOM lines and work orders name only such items, so that the MES' foreign keys hold.
        var isInMES: Bool { plant != "P02" && type != "SERVICE" }
        /// Whether it may leave the MES, or be deleted without anything else.
        var isFree: Bool { uses == 0 && lines.isEmpty }
    }

    struct Order: Sendable {
        var number: String
        var plant: String
        var item: Int
        var operations: [(number: Int, minutes: Int)]

        var minutes: Int { operations.reduce(0) { $0 + $1.minutes } }
    }

    var items = Slots<Item>()
    var orders = Slots<Order>()
    /// For numbers that are never used twice, except after a rollback.
    var counter = 0

    mutating func nextNumber() -> Int {
        counter += 1
        return counter
    }
}
