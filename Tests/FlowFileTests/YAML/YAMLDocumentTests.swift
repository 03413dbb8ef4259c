import FlowFile
import Testing

@Suite("YAML") struct YAMLDocumentTests {
    @Test(
        "that means something else than it says is refused",
        arguments: [
            (
                "data_dir: &a x\nsite: *a",
                "1:11: anchors and aliases are not read here; write the value out where it belongs"
            ),
            ("data_dir: !x y", "1:11: YAML tags are not read here; put a value that begins with ! in quotes"),
            ("data_dir: a\n? [b]\n: c", "2:3: a key must be a single word, found a list"),
            (
                "data_dir: a\n---\nb: c",
                "2:1: not valid YAML: expected a single document in the stream, but found another document"
            ),
            ("data_dir: a\nsite: \u{7}", "2:7: not valid YAML: control characters are not allowed"),
        ])
    func refuses(_ text: String, _ expected: String) {
        #expect(mistakes(inPlant: text).contains("etc/p.yaml:\(expected)"))
    }

    @Test("indented with tabs is told about tabs")
    func tabs() {
        #expect(
            mistakes(inPlant: "disk:\n\tbudget: 1").first?.hasSuffix("YAML is indented with spaces, never with tabs")
                == true)
    }

    @Test("nested without end is refused, not followed", arguments: ["[", "{a: ", "- "])
    func deep(_ opening: String) {
        #expect(mistakes(inPlant: String(repeating: opening, count: 50_000)).count == 1)
    }

    @Test("with repeated keys names every repetition, wherever the maps are")
    func duplicates() {
        let text = "data_dir: a\n\"site\": b\r\nsite: c\ndisk: { budget: 2GB, budget: 1GB }\n'site': d\n"
        #expect(
            mistakes(inPlant: text) == [
                "etc/p.yaml:3:1: key \"site\" appears twice in this map, first in line 2",
                "etc/p.yaml:4:22: key \"budget\" appears twice in this map, first in line 4",
                "etc/p.yaml:5:1: key \"site\" appears twice in this map, first in line 2",
            ])
    }
}
