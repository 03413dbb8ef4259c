import EdgeBrokerTesting
import LogStore

/// Files as a medium or a person leaves them, past the log.
extension SimulatedDisk {
    func put(_ bytes: [UInt8], at path: String) throws(Violation) {
        do {
            let file = try open(path, .createEmpty)
            if !bytes.isEmpty { _ = try bytes.withUnsafeBytes { try file.write($0, at: 0) } }
            try file.sync()
        } catch {
            throw Violation("the simulated disk refuses: \(error)")
        }
    }

    func take(_ path: String) throws(Violation) {
        do throws(DiskError) { try remove(path) } catch { throw Violation("the simulated disk refuses: \(error)") }
    }
}
