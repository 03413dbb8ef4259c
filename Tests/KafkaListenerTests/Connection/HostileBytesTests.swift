import KafkaListener
import KafkaWire
import Testing

@Suite("Bytes that are no request")
struct HostileBytesTests {
    /// A request's header: API key, version, correlation id, no client id, and in flexible versions no tagged fields.
    private static func header(_ key: Int16, _ version: Int16, isFlexible: Bool = false) -> [UInt8] {
        big(key) + big(version) + big(Int32(7)) + [0xff, 0xff] + (isFlexible ? [0] : [])
    }

    private static func big<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func frame(_ body: [UInt8]) -> [UInt8] { big(Int32(body.count)) + body }

    /// Metadata 9 about no topic, up to the number of its tagged fields.
    private static let flexible = header(3, 9, isFlexible: true) + [1, 0, 0, 0]

    static let inputs: [(String, [UInt8])] = [
        ("a length of 2 GiB", big(Int32.max) + [0, 3, 0, 0]),
        ("a negative length", big(Int32(-1))),
        ("a length of nothing", big(Int32(0))),
        ("an HTTP request", Array("GET / HTTP/1.1\r\nHost: plant\r\n\r\n".utf8)),
        ("an API that there is not", frame(header(999, 0))),
        ("a version that there is not", frame(header(3, 99))),
        ("an array of 2^31-1", frame(header(3, 1) + big(Int32.max))),
        ("an array of -2", frame(header(3, 1) + big(Int32(-2)))),
        ("a compact array of 2^32-1", frame(header(3, 9, isFlexible: true) + [0xff, 0xff, 0xff, 0xff, 0x0f])),
        ("a number of tagged fields that does not end", frame(flexible + [0xff])),
        ("4 billion tagged fields", frame(flexible + [0xff, 0xff, 0xff, 0xff, 0x0f])),
        ("a tagged field of 2 GiB", frame(flexible + [1, 0, 0xff, 0xff, 0xff, 0xff, 0x07])),
        ("a string of 32 KiB that is not there", frame(header(3, 1) + big(Int32(1)) + [0x7f, 0xff])),
    ]

    @Test("close the connection that they came on, and no other", arguments: inputs)
    func closed(_ name: String, _ bytes: [UInt8]) async throws {
        try await ServedBroker.with { _, listener in
            try await listener.connect { honest in
                #expect(try await honest.call(Metadata.self) { _ in }.brokers.count == 1)
                let answer = try await listener.connect { hostile in
                    try await hostile.send(bytes)
                    return try await hostile.nextFrame()
                }
                #expect(answer == nil)
                #expect(try await honest.call(Metadata.self) { _ in }.brokers.count == 1)
            }
        }
    }
}
