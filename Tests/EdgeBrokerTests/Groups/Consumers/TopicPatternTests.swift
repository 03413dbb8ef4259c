import EdgeBroker
import Testing

@Suite("A pattern of topics")
struct TopicPatternTests {
    private static let cases: [(String, matches: [String], not: [String])] = [
        ("erp.*", ["erp.", "erp.items"], ["er", "xerp.items"]),
        ("^erp\\..+$", ["erp.items"], ["erp.", "erpxitems"]),
        ("(a|bc)+d?", ["a", "bc", "abcad"], ["", "b", "d"]),
        ("(?:a|b){2,3}", ["ab", "bab"], ["a", "abab"]),
        ("(?P<site>p\\d{2})-[a-c_]*", ["p07-", "p07-ab_c"], ["p7-", "p07-d"]),
        ("[^0-9]+?", ["abc", "ü"], ["a1", ""]),
        ("[]a-]+", ["]a-"], ["b"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaa"], ["a"]),
        ("a{,2}", ["a{,2}"], ["aa"]),
        ("\\w+\\W\\S\\D", ["ab.1x"], ["ab1x"]),
        ("", [""], ["a"]),
        ("a||b", ["a", "", "b"], ["ab"]),
        ("a^b", [], ["ab", "a^b"]),
        ("(a*)*", ["", "aaa"], ["b"]),
        ("(|a){300}", ["", "aaa"], ["b"]),
    ]

    @Test("names the topics whose whole name it matches", arguments: cases.indices)
    func matching(index: Int) throws {
        let (text, matches, not) = Self.cases[index]
        let pattern = try TopicPattern(text)
        for name in matches { #expect(pattern.matches(name), "\(text) and \(name)") }
        for name in not { #expect(!pattern.matches(name), "\(text) and \(name)") }
    }

    @Test(
        "is refused where it is wrong, not understood, or too large",
        arguments: [
            "(a", "a)", "[a", "*a", "a**", "a{3,2}", "a{1001}", "(?i)a", "(?=a)", "[[:alpha:]]", "\\pL", "\\1", "a\\",
            "[z-a]",
            String(repeating: "a", count: 1001), "(a{100}){100}", "((){1000}){1000}",
            String(repeating: "(", count: 51) + String(repeating: ")", count: 51),
        ])
    func refused(text: String) {
        #expect(throws: TopicPattern.Mistake.self) { try TopicPattern(text) }
    }

    @Test("takes time by the length of a name, whatever the expression", .timeLimit(.minutes(1)))
    func bounded() throws {
        // An expression for which a matcher that goes back takes 2^249 steps.
        let pattern = try TopicPattern("(a*)*(a*)*(a|a)*b")
        #expect(!pattern.matches(String(repeating: "a", count: 249)))
    }
}
