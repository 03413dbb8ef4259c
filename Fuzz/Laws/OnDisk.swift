import EdgeBrokerTesting
import LogStore

/// Runs what asks a disk in memory, on which no fault is set: it must not fail.
func onDisk<Result>(_ body: () throws(DiskError) -> Result) throws(BrokenLaw) -> Result {
    do throws(DiskError) { return try body() } catch {
        throw BrokenLaw(description: "A disk that does not fail is said to: \(error)")
    }
}

/// Runs what asks a log on such a disk.
func onLog<Result>(_ body: () throws(LogStoreError) -> Result) throws(BrokenLaw) -> Result {
    do throws(LogStoreError) { return try body() } catch { throw BrokenLaw(description: "\(error)") }
}

extension SimulatedDisk {
    /// Makes a file with these bytes, synced.
    func put(_ bytes: [UInt8], at path: String) throws(DiskError) {
        let file = try open(path, .createEmpty)
        defer { file.close() }
        if !bytes.isEmpty {
            _ = try bytes.span.bytes.withUnsafeBytes { bytes throws(DiskError) in try file.write(bytes, at: 0) }
        }
        try file.sync()
    }
}
