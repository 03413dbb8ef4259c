import FlowFile
import Testing

@Suite("A value from outside") struct InterpolationTests {
    private func dsn(_ text: String) throws -> Secret {
        let flow = smallFlow.replacing("${ERP_DSN}", with: text)
        return try Flow.parse(flow, file: "f.yaml", world).value.source.postgres
    }

    @Test(
        "replaces its name and is not looked at again",
        arguments: [
            ("'${ERP_DSN} x'", "host=erp password=s3cret x"), ("${file:etc/dsn}", "host=erp password=from$file"),
            ("a$$b$c$", "a$b$c$"), ("$${ERP_DSN}", "${ERP_DSN}"),
        ])
    func replaces(_ text: String, _ expected: String) throws {
        #expect(try dsn(text).reveal() == expected)
    }

    @Test("never shows when it is printed")
    func secret() throws {
        let secret = try dsn("${ERP_DSN}")
        var dumped = ""
        dump(["\(secret)", String(reflecting: secret), String(describing: [secret])], to: &dumped)
        dump(secret, to: &dumped)
        #expect(!dumped.contains("s3cret") && dumped.contains("***"))
    }

    @Test("that is no name is refused", arguments: ["${1A}", "'${A B}'", "${}", "${A"])
    func refuses(_ text: String) {
        #expect(mistakes(in: smallFlow.replacing("${ERP_DSN}", with: text)).count == 1)
    }
}
