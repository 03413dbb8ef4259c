import ChangeEvents
import RecordFormat
import Testing

@Suite("The plain format")
struct PlainRoundTripTests {
    private static let forms: [ValueForm] = [
        .boolean, .integer, .float, .decimal, .character, .temporal, .json, .bytes, .exact,
    ]
    private static let letters = Array("aZ09_ .,{}[]()\"\\/\n\r\t\u{1}\u{7f}äß무게😀-'")

    @Test("tells every row as the server told it", arguments: [1, 2, 3, 4] as [UInt64])
    func comesBack(seed: UInt64) throws {
        var random = SeededRandom(seed)
        for _ in 0..<500 {
            let columns = (0..<Int.random(in: 1...8, using: &random)).map { index in
                (
                    name: "\(index)" + Self.word(&random),
                    form: Self.forms[Int.random(in: 0..<Self.forms.count, using: &random)],
                    isKey: Bool.random(using: &random)
                )
            }
            let table = Rows.table(columns)
            var rows = Rows()
            let old = Self.row(of: table, &random)
            let new = Self.row(of: table, &random)
            let change = RowChange(
                operation: .update, sequence: Int64.random(in: 0...Int64.max, using: &random),
                before: rows.tuple(old.map(\.text)), after: rows.tuple(new.map(\.text)))
            let stamp = EventStamp(
                lsn: LSN(random.next()), transactionID: UInt32.random(in: 0...UInt32.max, using: &random),
                commitTime: Int64.random(in: EventTime.range, using: &random))
            let row = rows.encode(change, of: table, stamp: stamp)
            let keys = table.columns.indices.filter { table.columns[$0].isKey }
            let expected = ChangeEvent(
                operation: .update, table: table.table, lsn: stamp.lsn, sequence: change.sequence,
                transactionID: stamp.transactionID, commitTime: stamp.commitTime,
                key: keys.isEmpty ? nil : keys.map { Field(columns[$0].name, new[$0].value) },
                before: zip(columns, old).map { Field($0.name, $1.value) },
                after: zip(columns, new).map { Field($0.name, $1.value) })
            if try PlainFormat.decode(row.value, jsonColumns: table.jsonColumns) != expected || row.value.contains(0x0a)
            {
                Issue.record("\(String(decoding: row.value, as: UTF8.self)) is not \(expected)")
            }
            if try row.key.map({ key throws(ChangeEventsError) in
                try PlainFormat.decodeKey(key, jsonColumns: table.jsonColumns)
            }) != expected.key {
                Issue.record("key of \(expected)")
            }
        }
    }

    private static func row(of table: TableDescription, _ random: inout SeededRandom) -> [(
        text: String?, value: FieldValue
    )] {
        table.columns.map { column in
            if !column.isKey, Int.random(in: 0..<4, using: &random) == 0 { return (nil, .null) }
            let number = Int64.random(in: Int64.min...Int64.max, using: &random)
            switch column.type.form {
            case .boolean:
                let value = Bool.random(using: &random)
                return (value ? "t" : "f", .boolean(value))
            case .integer: return ("\(number)", .number("\(number)"))
            case .float: return ("\(number).25e+7", .number("\(number).25e+7"))
            case .json: return ("[\(number), {}]", .json("[\(number), {}]"))
            case .bytes:
                let bytes = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                return ("\\x" + hexadecimal, .text(base64(bytes)))
            default:
                let text = word(&random)
                return (text, .text(text))
            }
        }
    }

    private static func word(_ random: inout SeededRandom) -> String {
        String(
            (0..<Int.random(in: 0...12, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            })
    }

    /// Written another way than the one under test: bit by bit.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = bytes.flatMap { byte in (0..<8).map { Int(byte >> UInt8(7 - $0)) & 1 } }
        while bits.count % 6 != 0 { bits.append(0) }
        let letters = stride(from: 0, to: bits.count, by: 6).map { start in
            alphabet[bits[start..<(start + 6)].reduce(0) { $0 * 2 + $1 }]
        }
        return String(letters) + String(repeating: "=", count: (4 - letters.count % 4) % 4)
    }
}
