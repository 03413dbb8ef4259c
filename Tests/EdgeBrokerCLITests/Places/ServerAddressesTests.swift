import ArgumentParser
import Testing

@testable import EdgeBrokerCLI

@Suite("Addresses of servers") struct ServerAddressesTests {
    @Test(
        "are hosts with or without a port",
        arguments: ["h", "h:1", "h:65535,10.0.0.1:9092", "[::1]:9092", "[::1]", "SSL://h:9093", "h:1,"])
    func possible(_ text: String) throws { try ServerAddresses.check(text, option: "-b") }

    @Test(
        "with a port that is none, or none at all, are named",
        arguments: [
            ("", ""), (":9092", ":9092"), ("h:", "h:"), ("h:0", "h:0"), ("h:99999", "h:99999"), ("h:abc", "h:abc"),
            (",", ","), ("g:1,h:x", "h:x"), ("::1:9092", "::1:9092"), ("[::1", "[::1"), ("a b:1", "a b:1"),
        ])
    func impossible(_ text: String, _ named: String) {
        let error = #expect(throws: ValidationError.self) { try ServerAddresses.check(text, option: "-b") }
        #expect(error?.message == "-b takes HOST:PORT such as 127.0.0.1:9092, found \"\(named)\".")
    }
}
