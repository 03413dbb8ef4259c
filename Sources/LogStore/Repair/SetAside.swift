import Glibc
import RecordFormat

/// `set-aside/<time>/` in the data folder: where repairs put what is damaged. Nothing in it is ever read or deleted by us.
struct SetAside {
    static let folderName = "set-aside"

    let directory: String
    /// `<data folder>/set-aside/<time>`.
    let path: String

    init(in directory: String, at time: Timestamp) {
        self.directory = directory
        path = "\(directory)/\(Self.folderName)/\(Self.name(of: time))"
    }

    /// ISO 8601 in UTC, without what a file name must not have everywhere.
    private static func name(of time: Timestamp) -> String {
        var seconds = time_t(time.millisecondsSince1970 / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
            + "\(two(parts.tm_hour))-\(two(parts.tm_min))-\(two(parts.tm_sec))Z"
    }

    /// Where `file` goes: the same place below ``path``.
    func place(of file: String) -> String { path + "/" + file.dropFirst(directory.count + 1) }

    /// Moves a file; both names are durable then. A file that is not there is left at that.
    func take(_ file: String, on disk: any Disk) throws(DiskError) {
        if try disk.kind(of: file) == .absent { return }
        var target = place(of: file)
        let folder = Self.folder(of: target)
        try makeFolder(folder, on: disk)
        // An earlier try of the same second.
        while try disk.kind(of: target) != .absent { target += "~" }
        do throws(DiskError) {
            try disk.rename(file, to: target)
        } catch {
            // A partition's folder may be on a disk of its own.
            if error.errno != EXDEV { throw error }
            try copy(file, to: target, on: disk)
            try disk.remove(file)
        }
        try disk.syncDirectory(folder)
        try disk.syncDirectory(Self.folder(of: file))
    }

    private func copy(_ file: String, to target: String, on disk: any Disk) throws(DiskError) {
        let source = try disk.open(file, .read)
        defer { source.close() }
        try Pieces.write(target, on: disk, from: source, 0..<(try source.size()))
        try disk.syncDirectory(Self.folder(of: target))
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private func makeFolder(_ folder: String, on disk: any Disk) throws(DiskError) {
        if try disk.kind(of: folder) == .directory { return }
        let parent = Self.folder(of: folder)
        try makeFolder(parent, on: disk)
        try disk.createDirectory(folder)
        try disk.syncDirectory(parent)
    }
}
