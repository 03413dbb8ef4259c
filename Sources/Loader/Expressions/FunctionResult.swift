import CSQLite
import SQLiteClient

/// Where a function or a column leaves its value.
struct FunctionResult {
    /// SQLite copies what it is given: the bytes of a Swift string live only during the call.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private let context: OpaquePointer

    init(_ context: OpaquePointer) { self.context = context }

    func set(_ value: SQLiteValue) {
        switch value {
        case .null: sqlite3_result_null(context)
        case .integer(let integer): sqlite3_result_int64(context, integer)
        case .real(let double): sqlite3_result_double(context, double)
        case .text(let text): set(text)
        case .blob(let bytes):
            if bytes.isEmpty {
                sqlite3_result_zeroblob(context, 0)
            } else {
                bytes.withUnsafeBytes { sqlite3_result_blob64(context, $0.baseAddress, UInt64($0.count), Self.copied) }
            }
        }
    }

    func set(_ text: String) {
        // An empty buffer may have no address, which SQLite would read as NULL.
        if text.isEmpty { return sqlite3_result_text(context, "", 0, Self.copied) }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_result_text64(context, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
            }
        }
    }

    /// - Parameter reason: without a value of the row: it ends up in a log.
    func fail(_ reason: String) { sqlite3_result_error(context, reason, -1) }
}
