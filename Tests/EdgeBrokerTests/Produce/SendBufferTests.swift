import Testing

@testable import EdgeBroker

@Suite("A producer's buffer")
struct SendBufferTests {
    // A mutating call cannot stand in an expectation.
    private func take(_ bytes: Int, _ buffer: inout SendBuffer<String>) -> Bool { buffer.take(bytes) }
    private func release(_ bytes: Int, _ buffer: inout SendBuffer<String>) -> [String] { buffer.release(bytes) }
    private func giveUp(_ ticket: UInt64, _ buffer: inout SendBuffer<String>) -> String? { buffer.giveUp(ticket) }
    private func admit(_ buffer: inout SendBuffer<String>) -> [String] { buffer.admit() }

    @Test("gives room in the order of asking, a small record does not overtake a large one")
    func order() {
        var buffer = SendBuffer<String>(limit: 100)
        #expect(take(80, &buffer))
        #expect(!take(30, &buffer))
        let (large, small) = (buffer.makeTicket(), buffer.makeTicket())
        buffer.wait(large, for: 90, "large")
        buffer.wait(small, for: 10, "small")
        #expect(!take(1, &buffer))
        #expect(release(40, &buffer).isEmpty)
        #expect(release(40, &buffer) == ["large", "small"])
    }

    @Test("lets what is larger than all of it go alone")
    func oversized() {
        var buffer = SendBuffer<String>(limit: 100)
        #expect(take(500, &buffer))
        #expect(!take(1, &buffer))
        #expect(release(500, &buffer).isEmpty)
        #expect(take(100, &buffer))
    }

    @Test("lets those behind go on when the first gives up, each once")
    func givingUp() {
        var buffer = SendBuffer<String>(limit: 100)
        #expect(take(50, &buffer))
        let (large, small) = (buffer.makeTicket(), buffer.makeTicket())
        buffer.wait(large, for: 100, "large")
        buffer.wait(small, for: 10, "small")
        #expect(giveUp(large, &buffer) == "large")
        #expect(giveUp(large, &buffer) == nil)
        #expect(admit(&buffer) == ["small"])
        #expect(giveUp(small, &buffer) == nil)
    }
}
