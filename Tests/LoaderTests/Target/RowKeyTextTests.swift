import ChangeEvents
import SQLiteClient
import Testing

@testable import Loader

@Suite("The text of a row's key") struct RowKeyTextTests {
    @Test(
        "shows control characters and line breaks as escapes, and every other character as it is",
        arguments: [
            ("WO-4711 ö漢👩‍🔧", "WO-4711 ö漢👩‍🔧"), ("\u{1b}[31mred", "\\u{1b}[31mred"), ("a\r\nb\tc", "a\\u{d}\\u{a}b\\u{9}c"),
            ("\u{0}\u{1f} ~\u{7f}\u{9f}\u{a0}", "\\u{0}\\u{1f} ~\\u{7f}\\u{9f}\u{a0}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ])
    func escapes(value: String, text: String) {
        #expect(RowKeyText.text([Field("no", .text(value))]) == "no=\(text)")
        #expect(RowKeyText.text([("no", SQLiteValue.text(value))]) == "no=\(text)")
    }
}
