/// The folders and the names in them, as programs see them and as they lie on the medium.
struct SimulatedNames: Sendable {
    enum Node: Sendable, Equatable {
        case directory
        /// An index into the disk's files.
        case file(Int)
    }

    private enum Change {
        case link(String, Node)
        case unlink(String)
        case rename(String, String, Node)

        func apply(to names: inout [String: Node]) {
            switch self {
            case .link(let name, let node): names[name] = node
            case .unlink(let name): names[name] = nil
            case .rename(let source, let destination, let node):
                names[source] = nil
                names[destination] = node
            }
        }
    }

    /// By folder.
    private var live: [String: [String: Node]] = ["/": [:]]
    private var durable: [String: [String: Node]] = ["/": [:]]
    /// In the order in which they were made, over all folders.
    private var pending: [(directory: String, change: Change)] = []

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (directory, String(path[path.index(after: slash)...]))
    }

    subscript(path: String) -> Node? {
        if path == "/" { return .directory }
        let (directory, name) = Self.split(path)
        return live[directory]?[name]
    }

    func names(in directory: String) -> [String]? { live[directory]?.keys.sorted() }

    /// Every file by its path, in one order.
    var files: [(path: String, file: Int)] {
        var found: [(String, Int)] = []
        for directory in live.keys.sorted() {
            let prefix = directory == "/" ? "/" : directory + "/"
            for (name, node) in (live[directory] ?? [:]).sorted(by: { $0.key < $1.key }) {
                if case .file(let index) = node { found.append((prefix + name, index)) }
            }
        }
        return found
    }

    mutating func link(_ path: String, _ node: Node) {
        let (directory, name) = Self.split(path)
        if node == .directory {
            live[path] = [:]
            durable[path] = [:]
        }
        note(.link(name, node), in: directory)
    }

    mutating func unlink(_ path: String) {
        let (directory, name) = Self.split(path)
        note(.unlink(name), in: directory)
    }

    /// - Precondition: both are in one folder, and the source is there.
    mutating func rename(_ source: String, to destination: String) {
        let (directory, name) = Self.split(source)
        guard let node = live[directory]?[name] else { preconditionFailure("\(source) is renamed and not there") }
        note(.rename(name, Self.split(destination).name, node), in: directory)
    }

    private mutating func note(_ change: Change, in directory: String) {
        change.apply(to: &live[directory, default: [:]])
        pending.append((directory, change))
    }

    // MARK: Syncs

    mutating func sync(_ directory: String) {
        var kept: [(directory: String, change: Change)] = []
        for entry in pending {
            if entry.directory == directory {
                entry.change.apply(to: &durable[directory, default: [:]])
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
            case .link(_, let node), .rename(_, _, let node): node == .file(file)
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
        survivor.takeReachable(from: "/", of: names)
        survivor.durable = survivor.live
        return survivor
    }

    /// A folder whose own name is lost takes everything in it along.
    private mutating func takeReachable(from directory: String, of names: [String: [String: Node]]) {
        live[directory] = names[directory] ?? [:]
        for (name, node) in live[directory] ?? [:] where node == .directory {
            takeReachable(from: directory == "/" ? "/" + name : directory + "/" + name, of: names)
        }
    }
}
