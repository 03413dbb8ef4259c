import PostgresClient
import Testing

@Suite("A connection text that cannot be used")
struct ConnectionTextTests {
    @Test(
        "is refused without a piece of it in the message",
        arguments: [
            "password=my canary host=/nowhere", "password='canary host=/nowhere", "passwort=canary", "canary",
            "host=/nowhere password=a\"b canary", "postgresql://erp:ca%nary@h/db", "postgresql://erp:can%00ary@h/db",
            "postgresql://erp:a@canary@host/db", "postgresql://erp:a/canary@host/db",
            "postgres://erp:a@b/canary@host/db",
            "postgresql://erp:canary", "postgresql://erp:canary/db", "postgresql://h/db?canary",
            "postgresql://h/db?canary=1",
            "postgresql://erp:[canary@host/db?a=b=c", "postgresql://erp:x@[canary/db", "password=canary\0 host=h",
        ])
    func malformed(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConnection(text) }
        #expect(error?.code == .malformedConnection)
        #expect(error?.description.contains("canary") == false)
        #expect(error?.description.contains("\n") == false)
    }

    @Test(
        "because nobody answers there keeps its password to itself",
        arguments: [
            "host=/nowhere user=erp password=canary", "postgresql://erp:canary@/db?host=/nowhere",
            "postgresql://erp:c%61nary@127.0.0.1:1/canary", "host=canary.invalid password=canary",
        ])
    func unreachable(text: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConnection(text) }
        #expect(error?.code == .unreachable)
        #expect(error?.description.contains("canary") == false)
    }
}
