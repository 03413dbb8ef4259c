import Testing

@testable import EdgeBrokerCLI

@Suite("The names in an expression") struct ExpressionNamesTests {
    @Test(
        "are what could be columns",
        arguments: [
            ("upper(uom)", ["uom"]), ("new.plant = 'P01' and Plant <> 'it''s x'", ["plant", "and"]),
            ("\"Odd \"\"name\" || a_1", ["Odd \"name", "a_1"]), ("round (x, 2) * 1e3", ["x"]), ("'open", []),
            ("größe", ["größe"]),
            ("", []),
        ])
    func names(_ expression: String, _ names: [String]) {
        #expect(ExpressionNames.possibleColumns(of: expression) == names)
    }
}
