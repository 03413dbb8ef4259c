import Synchronization

/// A disk that counts every sync, of a file or a folder, whether it succeeds or not.
package final class CountingDisk: Disk {
    private let disk: any Disk
    private let count = Atomic<Int>(0)

    package init(_ disk: any Disk) { self.disk = disk }

    package var syncCalls: Int { count.load(ordering: .relaxed) }

    package func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    package func list(_ directory: String) throws(DiskError) -> [String] { try disk.list(directory) }
    package func kind(of path: String) throws(DiskError) -> FileKind { try disk.kind(of: path) }
    package func rename(_ source: String, to destination: String) throws(DiskError) {
        try disk.rename(source, to: destination)
    }
    package func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    package func lock(_ path: String) throws(DiskError) -> (any DiskLock)? { try disk.lock(path) }

    package func freeBytes(at path: String) throws(DiskError) -> Int64 { try disk.freeBytes(at: path) }

    package func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile {
        CountingFile(try disk.open(path, mode), self)
    }

    package func syncDirectory(_ path: String) throws(DiskError) {
        note(1)
        try disk.syncDirectory(path)
    }

    package func sync(_ files: [any DiskFile]) -> [DiskError?] {
        note(files.count)
        // The disk gets its own files back.
        return disk.sync(files.map { ($0 as? CountingFile)?.file ?? $0 })
    }

    fileprivate func note(_ calls: Int) { count.add(calls, ordering: .relaxed) }
}

private final class CountingFile: DiskFile {
    let file: any DiskFile
    private let disk: CountingDisk

    init(_ file: any DiskFile, _ disk: CountingDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String { file.path }
    var descriptor: Int32? { file.descriptor }
    func size() throws(DiskError) -> Int { try file.size() }
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        try file.read(into: buffer, at: position)
    }
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        try file.write(bytes, at: position)
    }
    func truncate(to size: Int) throws(DiskError) { try file.truncate(to: size) }
    func preallocate(_ size: Int) throws(DiskError) { try file.preallocate(size) }
    func sync() throws(DiskError) {
        disk.note(1)
        try file.sync()
    }
    func close() { file.close() }
}
