import Synchronization

/// Blocks of the disk that are kept back in a file of their own, `reserve`: when the disk is full they are given to the
/// broker's own topics, which must record that it is full and go on (facts: trap 17).
final class SpaceReserve: Sendable {
    static let fileName = "reserve"

    private let disk: any Disk
    private let path: String
    private let bytes: Int
    private let isHeld = Mutex(false)

    init(_ disk: any Disk, in directory: String, bytes: Int) {
        self.disk = disk
        path = directory + "/" + Self.fileName
        self.bytes = bytes
    }

    /// Keeps the room back, unless it is so already. Blocking.
    /// - Throws: what the disk says, usually that there is no room; what was reserved of it is given back.
    func hold() throws(DiskError) {
        if bytes == 0 || isHeld.withLock({ $0 }) { return }
        do throws(DiskError) {
            try disk.open(path, .createEmpty).preallocate(bytes)
        } catch {
            if try disk.kind(of: path) == .file { try disk.remove(path) }
            throw error
        }
        isHeld.withLock { $0 = true }
    }

    /// Gives the room back to the disk.
    /// - Returns: whether there was some.
    func release() -> Bool {
        let wasHeld = isHeld.withLock { held in
            defer { held = false }
            return held
        }
        if !wasHeld { return false }
        do throws(DiskError) { try disk.remove(path) } catch { return false }
        return true
    }
}
