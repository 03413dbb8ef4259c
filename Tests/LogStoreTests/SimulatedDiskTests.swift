import EdgeBrokerTesting
import Glibc
import LogStore
import Synchronization
import Testing

@Suite("A simulated disk")
struct SimulatedDiskTests {
    /// Runs `body` for many seeds and counts what it answers, so that a test can say "sometimes" and "never".
    private func outcomes<T: Hashable>(_ body: (SimulatedDisk) throws -> T) rethrows -> Set<T> {
        try Set((0..<200).map { try body(SimulatedDisk(seed: $0)) })
    }

    @discardableResult
    private func write(_ bytes: [UInt8], to path: String, at position: Int = 0, on disk: SimulatedDisk) throws
        -> any DiskFile
    {
        let isThere = try disk.kind(of: path) == .file
        let file = try disk.open(path, isThere ? .readWrite : .createEmpty)
        try write(bytes, to: file, at: position)
        return file
    }

    private func write(_ bytes: [UInt8], to file: any DiskFile, at position: Int = 0) throws {
        #expect(try bytes.withUnsafeBytes { try file.write($0, at: position) } == bytes.count)
    }

    private let old = [UInt8](repeating: 1, count: 2000)
    private let new = [UInt8](repeating: 2, count: 2000)

    // MARK: Power cuts

    @Test("keeps what was synced, and of the rest nothing, all, a part in order, or sectors in any order")
    func bytes() throws {
        var holes = 0
        let survived = try outcomes { disk -> Int in
            let file = try write(old, to: "/log", on: disk)
            try file.sync()
            try disk.syncDirectory("/")
            try write(new, to: file, at: 2000)
            let bytes = try #require(disk.afterPowerCut().bytes(of: "/log"))
            #expect(Array(bytes.prefix(2000)) == old)
            if bytes.count == 4000, bytes[2000...2047] != new[0...47], bytes.last == 2 { holes += 1 }
            return bytes.count
        }
        #expect(survived.contains(2000) && survived.contains(4000) && survived.count > 10)
        #expect(holes > 0)
    }

    @Test("may show old bytes where a file grew and its sectors did not arrive")
    func staleBytes() throws {
        let found = try outcomes { disk -> UInt8 in
            try write(old, to: "/older", on: disk).sync()
            let file = try write([], to: "/log", on: disk)
            try disk.syncDirectory("/")
            try write(new, to: file)
            return disk.afterPowerCut().bytes(of: "/log")?.first ?? 9
        }
        // Nothing, zeros, our own byte, or whatever lay there.
        #expect(found.isSuperset(of: [9, 0, 2]) && found.count > 5)
    }

    @Test("may lose the name of a synced file until its folder is synced, unless it keeps names as ext4 does")
    func names() throws {
        for (keeps, expected) in [(false, [FileKind.absent, .file]), (true, [.file])] {
            let kinds = try outcomes { disk -> FileKind in
                disk.syncKeepsNames = keeps
                try write(old, to: "/log", on: disk).sync()
                return try disk.afterPowerCut().kind(of: "/log")
            }
            #expect(kinds == Set(expected))
        }
        let synced = try outcomes { disk -> FileKind in
            try write(old, to: "/log", on: disk).sync()
            try disk.syncDirectory("/")
            return try disk.afterPowerCut().kind(of: "/log")
        }
        #expect(synced == [.file])
    }

    @Test("leaves the old or the new file where one replaces the other")
    func renames() throws {
        let found = try outcomes { disk -> [UInt8]? in
            try write(old, to: "/state", on: disk).sync()
            try disk.syncDirectory("/")
            try write(new, to: "/state.tmp", on: disk).sync()
            try disk.rename("/state.tmp", to: "/state")
            return disk.afterPowerCut().bytes(of: "/state")
        }
        #expect(found == [old, new])
    }

    @Test("loses a folder with everything in it while the folder's own name is not synced")
    func folders() throws {
        let found = try outcomes { disk -> FileKind in
            try disk.createDirectory("/data")
            try write(old, to: "/data/log", on: disk).sync()
            try disk.syncDirectory("/data")
            let next = disk.afterPowerCut()
            return try next.kind(of: "/data") == .absent ? .absent : try next.kind(of: "/data/log")
        }
        #expect(found == [.absent, .file])
    }

    @Test("takes what is in a folder along when the folder is renamed, and back when the new name is lost")
    func renamedFolders() throws {
        let found = try outcomes { disk -> [String] in
            try disk.createDirectory("/data")
            try disk.syncDirectory("/")
            let file = try write(old, to: "/data/log", on: disk)
            try disk.syncDirectory("/data")
            try disk.rename("/data", to: "/gone")
            try file.sync()
            #expect(disk.bytes(of: "/gone/log") == old && disk.bytes(of: "/data/log") == nil)
            try disk.createDirectory("/data")
            #expect(try disk.list("/data").isEmpty)
            return disk.afterPowerCut().paths
        }
        #expect(found == [["/data/log"], ["/gone/log"], []])
    }

    @Test("loses power at the operation it is told, before it or in the middle of it, and then every call fails")
    func powerCutAt() throws {
        let arrived = try outcomes { disk -> [UInt8] in
            let file = try write(old, to: "/log", on: disk)
            try disk.syncDirectory("/")
            disk.powerCutAt = 4
            #expect(throws: DiskError("sync", "/log", errno: ENODEV)) { try file.sync() }
            #expect(!disk.isPowered && disk.operations == 4)
            #expect(throws: DiskError.self) { try disk.list("/") }
            return disk.afterPowerCut().bytes(of: "/log") ?? []
        }
        // The sync may have done its work, with nobody left to tell.
        #expect(arrived.contains(old) && arrived.contains([]))
    }

    @Test("can lose power between two files of one round")
    func sharedSync() throws {
        let survived = try outcomes { disk -> [Bool] in
            let files = try ["/a", "/b"].map { try write([7], to: $0, on: disk) }
            try disk.syncDirectory("/")
            disk.powerCutAt = disk.operations + 2
            let results = disk.sync(files)
            #expect(results.filter { $0 == nil }.count == 1)
            let next = disk.afterPowerCut()
            return ["/a", "/b"].map { next.bytes(of: $0) == [7] }
        }
        #expect(survived == [[true, false], [false, true], [true, true]])
    }

    // MARK: Syncs

    @Test("does not cover with a sync what is written while it runs")
    func duringSync() throws {
        let survived = try outcomes { disk -> Bool in
            let file = try write([1], to: "/log", on: disk)
            try disk.syncDirectory("/")
            disk.duringSync { _ = try? [2].withUnsafeBytes { try file.write($0, at: 1) } }
            try file.sync()
            let bytes = try #require(disk.afterPowerCut().bytes(of: "/log"))
            #expect(bytes.first == 1)
            return bytes.count == 2
        }
        #expect(survived == [true, false])
    }

    @Test("reports a failed sync once, and may have dropped the bytes that the next one seems to sync")
    func failedSync() throws {
        let survived = try outcomes { disk -> Bool in
            let file = try write([1], to: "/log", on: disk)
            try disk.syncDirectory("/")
            disk.faults.syncs = 1000
            #expect(throws: DiskError("sync", "/log", errno: EIO)) { try file.sync() }
            disk.faults = .none
            try file.sync()
            return disk.afterPowerCut().bytes(of: "/log") == [1]
        }
        #expect(survived == [true, false])
    }

    @Test("keeps un-synced bytes through a kill, and may lose them to the power cut after it")
    func kill() throws {
        let survived = try outcomes { disk -> Bool in
            try write([1], to: "/log", on: disk)
            try disk.syncDirectory("/")
            let next = disk.afterKill()
            #expect(next.bytes(of: "/log") == [1])
            return next.afterPowerCut().bytes(of: "/log") == [1]
        }
        #expect(survived == [true, false])
    }

    // MARK: Failures

    @Test("fills up: takes what fits or refuses, and has room again when something is removed")
    func capacity() throws {
        let disk = SimulatedDisk(seed: 3)
        disk.capacity = 3000
        try write(old, to: "/a", on: disk)
        let file = try disk.open("/b", .createEmpty)
        var written = 0
        var refused: DiskError?
        while refused == nil {
            do throws(DiskError) {
                written += try withBytes(new) { buffer throws(DiskError) in try file.write(buffer, at: written) }
            } catch {
                refused = error
            }
        }
        #expect(refused == DiskError("write", "/b", errno: ENOSPC))
        #expect(disk.usedBytes <= 3000)
        try disk.remove("/a")
        try write(new, to: file)
        #expect(disk.usedBytes == 2000)
    }

    private func withBytes<T>(
        _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(DiskError) -> T
    ) throws(DiskError) -> T {
        try bytes.span.bytes.withUnsafeBytes { buffer throws(DiskError) in try body(buffer) }
    }

    @Test("writes only a part now and then")
    func shortWrites() throws {
        let counts = try outcomes { disk -> Int in
            disk.faults.shortWrites = 500
            let file = try disk.open("/log", .createEmpty)
            return try old.withUnsafeBytes { try file.write($0, at: 0) }
        }
        #expect(counts.contains(2000) && counts.count > 50 && !counts.contains(0))
    }

    @Test("gives a lock to one at a time, and frees it with the process")
    func locks() throws {
        let disk = SimulatedDisk(seed: 1)
        let lock = try #require(try disk.lock("/.lock"))
        #expect(try disk.lock("/.lock") == nil)
        #expect(try disk.afterKill().lock("/.lock") != nil)
        #expect(try disk.afterPowerCut().lock("/.lock") != nil)
        lock.release()
        #expect(try disk.lock("/.lock") != nil)
    }

    @Test("says which bytes rotted, and changes no other")
    func rot() throws {
        let sizes = try outcomes { disk -> Int in
            try write(old, to: "/log", on: disk).sync()
            let rot = try #require(disk.rot { $0.hasSuffix("log") })
            let bytes = try #require(disk.bytes(of: rot.path))
            #expect(bytes.indices.filter { bytes[$0] != old[$0] } == Array(rot.bytes))
            return rot.bytes.count
        }
        #expect(sizes.contains(1) && sizes.contains(512))
    }

    // MARK: Reproduction

    @Test("does the same for the same seed")
    func reproduction() throws {
        func run() throws -> [UInt8]? {
            let disk = SimulatedDisk(seed: 88_213)
            disk.faults.shortWrites = 300
            let seen = Mutex<[UInt8]>([])
            disk.onOperation { operation in seen.withLock { $0.append(UInt8(truncatingIfNeeded: operation.number)) } }
            let file = try disk.open("/log", .createEmpty)
            var position = 0
            for _ in 0..<50 { position += try old.withUnsafeBytes { try file.write($0, at: position) } }
            try disk.syncDirectory("/")
            #expect(disk.count(of: .write) == 50)
            return seen.withLock { $0 } + (disk.afterPowerCut().bytes(of: "/log") ?? [])
        }
        #expect(try run() == run())
    }
}
