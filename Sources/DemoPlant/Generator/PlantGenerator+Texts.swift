/// Values as Postgres writes them.
extension PlantGenerator {
    /// `prefix-lane-running number`: lanes never collide.
    mutating func number(_ prefix: String) -> String {
        let digits = String(model.nextNumber())
        return "\(prefix)\(lane)-" + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }

    mutating func date() -> String { "2026-\(twoDigits(1...12))-\(twoDigits(1...28))" }

    /// Some instant of 2026, on both sides of the changes to and from summer time.
    mutating func instant() -> String {
        let day = random.chance(percent: 10) ? random.pick(["2026-03-29", "2026-10-25"]) : date()
        let fraction = random.pick(["", ".5", ".123", ".000001"])
        return "\(day) \(twoDigits(0...23)):\(twoDigits(0...59)):\(twoDigits(0...59))\(fraction)+00"
    }

    /// Long enough that Postgres stores it out of line.
    mutating func specification() -> String {
        var text = ""
        while text.utf8.count < 2_600 { text += random.pick(PlantVocabulary.specification) }
        return text
    }

    mutating func attributes() -> String? {
        guard random.chance(percent: 80) else { return nil }
        let tolerance = random.decimal(0...3, places: 2)
        return """
            {"farbe": "RAL \(random.number(1000...9010))", "toleranz": \(tolerance), "prüfmaße": [\(random.number(1...90)), null], \
            "승인": \(random.chance(percent: 50)), "maß": {"länge_mm": \(random.number(10...4000))}}
            """
    }

    mutating func note() -> String? { random.pick(PlantVocabulary.notes) }

    private mutating func twoDigits(_ range: ClosedRange<Int>) -> String {
        let number = random.number(range)
        return number < 10 ? "0\(number)" : "\(number)"
    }
}
