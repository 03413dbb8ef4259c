/// How many damages of each kind were done to each kind of file, and what became of them.
struct DamageTable {
    private var counts: [Damage.Cell: Int] = [:]
    private var outcomes: [FileRole: [DamageCheck.Outcome: Int]] = [:]
    private(set) var total = 0

    mutating func add(_ cell: Damage.Cell, _ outcome: DamageCheck.Outcome) {
        total += 1
        counts[cell, default: 0] += 1
        outcomes[cell.role, default: [:]][outcome, default: 0] += 1
    }

    var lines: [String] {
        let kinds = DamageKind.allCases
        let results: [(DamageCheck.Outcome, String)] = [
            (.reported, "damage"), (.noted, "noted"), (.harmless, "harmless"), (.refused, "no start"),
        ]
        var lines = [
            Self.line("", kinds.map(\.rawValue) + ["|"] + results.map(\.1))
        ]
        for role in FileRole.allCases where outcomes[role] != nil {
            let done = kinds.map { counts[Damage.Cell(role: role, kind: $0)].map(String.init) ?? "-" }
            let became = results.map { outcomes[role]?[$0.0].map(String.init) ?? "-" }
            lines.append(Self.line(role.rawValue, done + ["|"] + became))
        }
        return lines
    }

    private static func line(_ title: String, _ columns: [String]) -> String {
        var line = title + String(repeating: " ", count: max(0, 31 - title.count))
        for column in columns {
            line += column == "|" ? "  |" : String(repeating: " ", count: max(1, 9 - column.count)) + column
        }
        return line
    }
}
