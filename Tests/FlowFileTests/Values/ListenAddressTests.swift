import FlowFile
import Testing

@Suite("A listen address") struct ListenAddressTests {
    @Test(
        "has a host and a port",
        arguments: [
            ("127.0.0.1:9092", "127.0.0.1", 9092), ("[::1]:1", "::1", 1), ("plant7:65535", "plant7", 65535),
        ] as [(String, String, UInt16)])
    func reads(_ text: String, _ host: String, _ port: UInt16) {
        let address = ListenAddress(text)
        #expect(address?.host == host && address?.port == port && address?.description == text)
    }

    @Test("that is none is refused", arguments: ["", ":1", "a", "a:", "a:65536", "::1:1", "a:-1", "a b:1", "[]:1"])
    func refuses(_ text: String) { #expect(ListenAddress(text) == nil) }
}
