import Testing

@testable import Loader

@Suite("An exact decimal") struct ExactDecimalTests {
    @Test(
        "is rounded half away from zero, with exactly its digits",
        arguments: [
            ("12.345", 5, 2, "12.35"), ("-12.345", 5, 2, "-12.35"), ("12.3449999", 5, 2, "12.34"),
            ("0.005", 2, 2, "0.01"),
            ("-0.004", 2, 2, "0.00"), ("1e3", 4, 0, "1000"), ("1.5E-1", 3, 3, "0.150"), (" 7 ", 3, 1, "7.0"),
            (".5", 1, 0, "1"),
            ("9.99", 3, 2, "9.99"), ("99999999999999999999.5", 21, 0, "100000000000000000000"), ("+3.", 1, 0, "3"),
        ])
    func rounding(text: String, precision: Int, scale: Int, expected: String) throws {
        let value = try #require(ExactDecimal(text))
        #expect(value.rounded(precision: precision, scale: scale)?.text == expected)
    }

    @Test(
        "does not fit when rounding makes a digit too many",
        arguments: [("9.995", 3, 2), ("1000", 3, 0), ("1e-2", 1, 5)])
    func overflow(text: String, precision: Int, scale: Int) throws {
        #expect(try #require(ExactDecimal(text)).rounded(precision: precision, scale: scale) == nil)
    }

    @Test(
        "is not read from what is no number, nor from one that would take memory",
        arguments: [
            "", " ", "abc", "1.2.3", "1,5", "NaN", "Infinity", "1e", "1e999999999", "1e-99999", "--1", "1 2", "0x10",
            ".",
        ])
    func notANumber(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("adds and multiplies without losing a digit")
    func arithmetic() throws {
        let third = try #require(ExactDecimal("0.333333333333333333333333"))
        let three = try #require(ExactDecimal("3.0"))
        #expect((third + three).text == "3.333333333333333333333333")
        #expect((third * three).text == "0.9999999999999999999999990")
        #expect((ExactDecimal(.min) + ExactDecimal(-1)).text == "-9223372036854775809")
    }
}
