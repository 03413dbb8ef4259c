import FuzzTargets
import KafkaWire
import Testing

@Suite("The laws of the wire")
struct WireLawsTests {
    @Test(
        "hold for Kafka's messages, whole, cut short, and with any of their bytes changed",
        arguments: offered)
    func laws(key: ApiKey) throws {
        let api = try #require(SupportedAPIs[key.rawValue])
        for golden in try Golden.read(key.name) {
            let head = [0, UInt8(key.rawValue), 0, UInt8(golden.version)]
            let header = head + [0, 0, 0, 7, 0xff, 0xff] + (api.isFlexible(golden.version) ? [0] : [])
            let message = try (golden.part == .request ? header : head) + bytes(golden.bytes)
            expectLaws(message, golden.part)
            for cut in head.count..<message.count { expectLaws(Array(message[..<cut]), golden.part) }
            // Not every position in every version: the versions differ little, and the start moves.
            for position in stride(from: head.count + message.count % 3, to: message.count, by: 3) {
                var changed = message
                changed[position] = [0, 0x7f, 0x80, 0xff][position / 3 % 4]
                expectLaws(changed, golden.part)
            }
        }
    }

    @Test("hold for a number that does not equal itself")
    func notANumber() throws {
        let response = DescribeClientQuotas.Response { response in
            response.entries = [.init { $0.values = [.init { $0.value = .nan }] }]
        }
        let frame = try DescribeClientQuotas.encodeResponse(response, version: 1, correlationID: 1)
        // Behind the length and the header.
        expectLaws([0, 48, 0, 1] + frame.bytes[9...], .response)
    }

    private func expectLaws(_ message: [UInt8], _ part: Golden.Part) {
        let target = part == .request ? FuzzTarget.requests : .responses
        #expect(throws: Never.self, "\(hex(message))") { try target.check([0] + message) }
    }
}
