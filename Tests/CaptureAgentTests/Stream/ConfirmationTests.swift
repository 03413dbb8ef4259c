import CaptureAgent
import RecordFormat
import Testing

@Suite("The confirmed position")
struct ConfirmationTests {
    private let start = ContinuousClock.now

    @Test("follows what is synced, and never passes what is not")
    func followsSync() {
        var confirmation = Confirmation(position: LSN(100), now: start)
        let first = confirmation.append(end: LSN(200))
        let relation = confirmation.append(end: nil)
        let second = confirmation.append(end: LSN(300))
        #expect(confirmation.confirmed == LSN(100))
        confirmation.synced([second])
        #expect(confirmation.confirmed == LSN(100))
        confirmation.synced([first])
        #expect(confirmation.confirmed == LSN(200))
        confirmation.synced([relation])
        #expect(confirmation.confirmed == LSN(300))
        #expect(confirmation.hasNothingInFlight)
    }

    @Test("is not moved by an idle WAL before ten seconds or 16 MiB have passed")
    func paces() {
        var confirmation = Confirmation(position: LSN(100), now: start)
        confirmation.passed(LSN(200), isRequested: false)
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(9.9)) == nil)
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(10)) == LSN(200))
        confirmation.synced([confirmation.append(end: LSN(200))])
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(30)) == nil)
        confirmation.passed(LSN(200 + (16 << 20)), isRequested: false)
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(10)) == LSN(200 + (16 << 20)))
    }

    @Test("is moved by an idle WAL after one second if the server asks")
    func answersTheServer() {
        var confirmation = Confirmation(position: LSN(100), now: start)
        confirmation.passed(LSN(200), isRequested: true)
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(0.9)) == nil)
        #expect(confirmation.duePosition(isInTransaction: false, now: start + .seconds(1)) == LSN(200))
    }

    @Test("is not moved by an idle WAL while a transaction is open or in flight, nor backwards")
    func waitsForTransactions() {
        var confirmation = Confirmation(position: LSN(100), now: start)
        confirmation.passed(LSN(200), isRequested: false)
        let later = start + .seconds(60)
        #expect(confirmation.duePosition(isInTransaction: true, now: later) == nil)
        let ticket = confirmation.append(end: LSN(150))
        #expect(confirmation.duePosition(isInTransaction: false, now: later) == nil)
        confirmation.synced([ticket])
        confirmation.synced([confirmation.append(end: LSN(250))])
        #expect(confirmation.duePosition(isInTransaction: false, now: later) == nil)
    }
}
