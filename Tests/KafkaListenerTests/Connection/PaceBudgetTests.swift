import NIOCore
import Testing

@testable import KafkaListener

@Suite("A pace")
struct PaceBudgetTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    // A mutating call cannot stand in an expectation.
    private func pause(_ budget: inout PaceBudget, at now: NIODeadline) -> TimeAmount? { budget.pause(at: now) }

    private func spend(_ count: Int, of budget: inout PaceBudget) { for _ in 0..<count { budget.spend() } }

    @Test("lets some happen at once, and the next when its time has come")
    func burst() {
        var budget = PaceBudget(perSecond: 100, atOnce: 20, at: start)
        for _ in 0..<20 {
            #expect(pause(&budget, at: start) == nil)
            budget.spend()
        }
        #expect(pause(&budget, at: start) == .milliseconds(10))
        #expect(pause(&budget, at: start + .milliseconds(4)) == .milliseconds(6))
        #expect(pause(&budget, at: start + .milliseconds(10)) == nil)
    }

    @Test("makes those wait longer that follow more than might have happened")
    func debt() {
        var budget = PaceBudget(perSecond: 100, atOnce: 20, at: start)
        spend(40, of: &budget)
        #expect(pause(&budget, at: start) == .milliseconds(210))
    }

    @Test("gathers no more than may happen at once in a quiet while")
    func quiet() {
        var budget = PaceBudget(perSecond: 100, atOnce: 20, at: start)
        let later = start + .hours(1)
        #expect(pause(&budget, at: later) == nil)
        spend(20, of: &budget)
        #expect(pause(&budget, at: later) == .milliseconds(10))
    }
}

@Suite("A note of what may happen thousands of times")
struct SparseNoteTests {
    private func happened(_ note: inout SparseNote, at now: NIODeadline) -> Int? { note.happened(at: now) }

    @Test("is made at once, then once in ten seconds with how often it was")
    func sparse() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var note = SparseNote()
        #expect(happened(&note, at: start) == 1)
        #expect(happened(&note, at: start + .seconds(1)) == nil)
        #expect(happened(&note, at: start + .seconds(9)) == nil)
        #expect(happened(&note, at: start + .seconds(10)) == 3)
        #expect(happened(&note, at: start + .seconds(11)) == nil)
    }
}
