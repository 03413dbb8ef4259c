import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// Fault F6: one damage to one file, whichever it is. What was lost is reported, nothing wrong is served, and the rest is.
@Suite("One damaged file")
struct SingleDamageTests {
    struct Case: CustomStringConvertible {
        let kind: SingleDamage
        let isClosed: Bool
        var description: String { "\(kind) after \(isClosed ? "a clean stop" : "a second of quiet")" }
    }

    static let cases = SingleDamage.allCases.flatMap { kind in [true, false].map { Case(kind: kind, isClosed: $0) } }

    @Test("is reported for what it costs, and for no more", arguments: cases)
    func damage(_ damage: Case) throws {
        let folder = try DamagedFolder(isClosed: damage.isClosed)
        var tried = 0
        // What befalls one topic alone, befalls the other no differently.
        for file in folder.files where damage.kind == .exchanged || !file.contains("/alarms-") {
            for (variant, disk) in try damage.kind.copies(of: folder, file).enumerated() {
                tried += 1
                try check(disk, "\(damage), \(file), variant \(variant)")
            }
        }
        #expect(tried > 2)
    }

    private func check(_ disk: SimulatedDisk, _ what: String) throws {
        let verified = try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
        let first: LogDirectory
        do throws(LogStoreError) {
            first = try DamagedFolder.open(disk)
        } catch {
            // Whose log it is, must be known.
            #expect(error.code == .foreignDirectory, "\(what): \(error)")
            #expect(verified.damages.contains { $0.file.hasSuffix("meta.properties") }, "\(what)")
            return
        }
        ReadBack(first).expect(explainedBy: verified, "\(what), first start")
        // What the first start did must not make the second one see it otherwise.
        first.close()
        let second = disk.afterKill()
        let again = try LogVerification.run(DamagedFolder.path, disk: second.afterKill())
        try ReadBack(DamagedFolder.open(second)).expect(explainedBy: again, "\(what), second start")
    }
}
