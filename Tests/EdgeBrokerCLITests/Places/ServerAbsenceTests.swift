import KafkaClient
import Testing

@testable import EdgeBrokerCLI

@Suite("A server that goes away") struct ServerAbsenceTests {
    private let start = ContinuousClock.now
    private let error = KafkaClientError(.unreachable, "h:1 does not answer.", remedy: "")

    @Test("is waited for as long as any answer by whoever stops at the end")
    func atEnd() throws {
        var absence = ServerAbsence(exitsAtEnd: true)
        try absence.note([.away(error)], at: start)
        try absence.note([], at: start + .seconds(14))
        #expect(throws: error) { try absence.note([], at: start + .seconds(15)) }
    }

    @Test("and is back in time is as if it had been there")
    func back() throws {
        var absence = ServerAbsence(exitsAtEnd: true)
        try absence.note([.away(error)], at: start)
        try absence.note([.back], at: start + .seconds(10))
        try absence.note([], at: start + .seconds(60))
    }

    @Test("is waited for without end by whoever follows")
    func following() throws {
        var absence = ServerAbsence(exitsAtEnd: false)
        try absence.note([.away(error)], at: start)
        try absence.note([], at: start + .seconds(100_000))
    }
}
