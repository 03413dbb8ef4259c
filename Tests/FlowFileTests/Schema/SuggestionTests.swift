import Testing

@testable import FlowFile

@Suite("A suggestion") struct SuggestionTests {
    @Test(
        "is the nearest known word, if one is near",
        arguments: [
            ("colums", "columns"), ("COLUMNS", "columns"), ("form", "from"), ("wher", "where"), ("key", "key"),
            ("kye", "key"),
            ("ke", "key"), ("x", nil), ("database", nil), ("", nil), (String(repeating: "a", count: 1000), nil),
        ])
    func nearest(_ typed: String, _ expected: String?) {
        #expect(
            Suggestion.nearest(to: typed, among: ["from", "to", "key", "where", "columns"].filter { $0.count > 2 })
                == expected)
    }
}
