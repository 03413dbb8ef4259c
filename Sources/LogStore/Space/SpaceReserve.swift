import Synchronization

/// Blocks of the disk that are kept back in a file of their own, `reserve`: when the disk is full they are given to the
/// broker's own topics, which must record that it is full and go on (facts: trap 17).
final class SpaceReserve: Sendable {
    static let fileName = "reserve"

    private let disk: any Disk
    private let path: String
    private let bytes: Int
    private enum Room {
        case none
        /// The file is there, from an earlier process perhaps with another size.
        case found
        case held
    }
    private let room: Mutex<Room>

    /// Room that an earlier process kept back can be given at once: a start may meet a disk that is full.
    init(_ disk: any Disk, in directory: String, bytes: Int) {
        self.disk = disk
        path = directory + "/" + Self.fileName
        self.bytes = bytes
        // A disk that does not tell holds nothing that could be given.
        room = Mutex((try? disk.kind(of: path)) == .file ? .found : .none)
    }

    /// Keeps the room back, unless it is so already. Blocking.
    /// - Throws: what the disk says, usually that there is no room; what was reserved of it is given back.
    func hold() throws(DiskError) {
        if bytes == 0 || room.withLock({ $0 == .held }) { return }
        do throws(DiskError) {
            try disk.open(path, .createEmpty).preallocate(bytes)
        } catch {
            if try disk.kind(of: path) == .file { try disk.remove(path) }
            room.withLock { $0 = .none }
            throw error
        }
        room.withLock { $0 = .held }
    }

    /// Gives the room back to the disk.
    /// - Returns: whether there was some.
    func release() -> Bool {
        let isThere = room.withLock { room in
            defer { room = .none }
            return room != .none
        }
        if !isThere { return false }
        do throws(DiskError) { try disk.remove(path) } catch { return false }
        return true
    }
}
