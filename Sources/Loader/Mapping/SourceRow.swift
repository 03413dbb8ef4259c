import ChangeEvents
import Foundation
import SQLiteClient

/// The values of one source row by the columns of its description, as far as an event tells them.
struct SourceRow {
    /// One per column; NULL where nothing is known.
    private(set) var values: [SQLiteValue]
    /// The columns whose values are not known. Empty for nearly every row.
    private(set) var unknown: Set<Int>

    /// - Parameters:
    ///   - needed: whether any column of the target is made of this one; the others are left NULL.
    ///   - fallback: where to take columns from that `fields` does not have.
    init(
        _ fields: [Field], fallback: [Field] = [], of table: SourceColumns, needed: [Bool]
    ) throws(RowFailure) {
        values = Array(repeating: .null, count: needed.count)
        unknown = []
        var isKnown = fields.count == needed.count ? [] : Array(repeating: false, count: needed.count)
        for (place, field) in fields.enumerated() {
            guard let index = table.index(of: field.name, near: place) else {
                throw RowFailure(reason: "the change has a column \(field.name) that its table's description lacks")
            }
            if !isKnown.isEmpty { isKnown[index] = true }
            if needed[index] { values[index] = try Self.value(field.value, table.forms[index], field.name) }
        }
        if isKnown.isEmpty { return }
        for (place, field) in fallback.enumerated() {
            guard let index = table.index(of: field.name, near: place), !isKnown[index] else { continue }
            isKnown[index] = true
            if needed[index] { values[index] = try Self.value(field.value, table.forms[index], field.name) }
        }
        unknown = Set(isKnown.indices.filter { !isKnown[$0] })
    }

    /// Text stays text, so that no digit is lost; whole numbers that fit are integers, floats are floats.
    static func value(_ value: FieldValue, _ form: ValueForm, _ name: String) throws(RowFailure) -> SQLiteValue {
        switch value {
        case .null: return .null
        case .boolean(let isTrue): return .integer(isTrue ? 1 : 0)
        case .number(let digits):
            // 12 is a float as well, and 12 / 5 must not be 2.
            if form == .float, let double = Double(digits) { return .real(double) }
            return Int64(digits).map { .integer($0) } ?? .text(digits)
        case .json(let text): return .text(text)
        case .text(let text):
            guard form == .bytes else { return .text(text) }
            guard let data = Data(base64Encoded: text) else {
                throw RowFailure(reason: "the value of \(name) is not the base64 of its bytes")
            }
            return .blob(Array(data))
        }
    }
}

/// The columns of a source table, for finding fields in it.
struct SourceColumns {
    let names: [String]
    let forms: [ValueForm]
    private let places: [String: Int]

    init(_ description: TableDescription) {
        names = description.columns.map(\.name)
        forms = description.columns.map(\.type.form)
        places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// - Parameter place: where it most likely is: events list columns in the table's order.
    func index(of name: String, near place: Int) -> Int? {
        place < names.count && names[place] == name ? place : places[name]
    }
}
