/// The folders and the names in them, as programs see them and as they lie on the medium.
///
/// A folder has a number that it keeps when it is renamed: what is in it goes with it, durable or not.
struct SimulatedNames: Sendable {
    enum Node: Sendable, Equatable {
        case directory
        /// An index into the disk's files.
        case file(Int)
    }

    private enum Entry: Equatable {
        case directory(Int)
        case file(Int)
    }

    private enum Change {
        case link(String, Entry)
        case unlink(String)
        case rename(String, String, Entry)

        func apply(to names: inout [String: Entry]) {
            switch self {
            case .link(let name, let entry): names[name] = entry
            case .unlink(let name): names[name] = nil
            case .rename(let source, let destination, let entry):
                names[source] = nil
                names[destination] = entry
            }
        }
    }

    private static let root = 0

    /// By folder.
    private var live: [Int: [String: Entry]] = [root: [:]]
    private var durable: [Int: [String: Entry]] = [root: [:]]
    /// In the order in which they were made, over all folders.
    private var pending: [(directory: Int, change: Change)] = []
    /// Of the live folders, so that a path is looked up in one step.
    private var numbers: [String: Int] = ["/": root]
    private var nextNumber = root + 1

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (directory, String(path[path.index(after: slash)...]))
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory == "/" ? "/" + name : directory + "/" + name
    }

    subscript(path: String) -> Node? {
        if path == "/" { return .directory }
        switch entry(path) {
        case nil: return nil
        case .directory: return .directory
        case .file(let index): return .file(index)
        }
    }

    private func entry(_ path: String) -> Entry? {
        let (directory, name) = Self.split(path)
        return numbers[directory].flatMap { live[$0]?[name] }
    }

    func names(in directory: String) -> [String]? { numbers[directory].flatMap { live[$0]?.keys.sorted() } }

    /// Every file by its path, in one order.
    var files: [(path: String, file: Int)] {
        var found: [(String, Int)] = []
        for (directory, number) in numbers.sorted(by: { $0.key < $1.key }) {
            for (name, entry) in (live[number] ?? [:]).sorted(by: { $0.key < $1.key }) {
                if case .file(let index) = entry { found.append((Self.join(directory, name), index)) }
            }
        }
        return found
    }

    /// - Precondition: the folder that it goes into is there.
    mutating func link(_ path: String, _ node: Node) {
        switch node {
        case .file(let index): note(path) { .link($0, .file(index)) }
        case .directory:
            let number = nextNumber
            nextNumber += 1
            live[number] = [:]
            durable[number] = [:]
            numbers[path] = number
            note(path) { .link($0, .directory(number)) }
        }
    }

    mutating func unlink(_ path: String) {
        numbers[path] = nil
        note(path) { .unlink($0) }
    }

    /// - Precondition: both are in one folder, and the source is there.
    mutating func rename(_ source: String, to destination: String) {
        guard let entry = entry(source) else { preconditionFailure("\(source) is renamed and not there") }
        note(source) { .rename($0, Self.split(destination).name, entry) }
        guard case .directory = entry else { return }
        for (path, number) in numbers where path == source || path.hasPrefix(source + "/") {
            numbers[path] = nil
            numbers[destination + path.dropFirst(source.count)] = number
        }
    }

    private mutating func note(_ path: String, _ change: (String) -> Change) {
        let (directory, name) = Self.split(path)
        guard let number = numbers[directory] else { preconditionFailure("\(directory) is no folder") }
        let change = change(name)
        change.apply(to: &live[number, default: [:]])
        pending.append((number, change))
    }

    // MARK: Syncs

    mutating func sync(_ directory: String) {
        guard let number = numbers[directory] else { return }
        var kept: [(directory: Int, change: Change)] = []
        for entry in pending {
            if entry.directory == number {
                entry.change.apply(to: &durable[number, default: [:]])
            } else {
                kept.append(entry)
            }
        }
        pending = kept
    }

    /// What ext4, xfs and btrfs do beyond POSIX: the sync of a new or renamed file carries its name along, and everything
    /// that the file system's journal holds before it.
    mutating func syncNames(of file: Int) {
        let touches = pending.contains { entry in
            switch entry.change {
            case .link(_, let entry), .rename(_, _, let entry): entry == .file(file)
            case .unlink: false
            }
        }
        if !touches { return }
        for entry in pending { entry.change.apply(to: &durable[entry.directory, default: [:]]) }
        pending = []
    }

    // MARK: Power cuts

    /// What may be on the medium after a cut.
    ///
    /// - Parameter inOrder: the un-synced changes that survive are the oldest ones, as with a journal; otherwise any of them
    ///   may.
    func afterPowerCut(_ generator: inout SeededGenerator, inOrder: Bool) -> SimulatedNames {
        var names = durable
        let prefix = generator.below(pending.count + 1)
        let kept = generator.element(of: [0, 200, 500, 800, 1000])
        for (place, entry) in pending.enumerated() {
            if inOrder ? place < prefix : generator.chance(kept) {
                entry.change.apply(to: &names[entry.directory, default: [:]])
            }
        }
        var survivor = SimulatedNames()
        survivor.nextNumber = nextNumber
        survivor.takeReachable(from: Self.root, at: "/", of: names)
        survivor.durable = survivor.live
        return survivor
    }

    /// A folder whose own name is lost takes everything in it along.
    private mutating func takeReachable(from number: Int, at path: String, of names: [Int: [String: Entry]]) {
        live[number] = names[number] ?? [:]
        numbers[path] = number
        for (name, entry) in live[number] ?? [:] {
            if case .directory(let inner) = entry {
                takeReachable(from: inner, at: Self.join(path, name), of: names)
            }
        }
    }
}
