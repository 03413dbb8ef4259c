/// The folders and the names in them, as programs see them and as they lie on the medium. A value that is copied for the price of a few
/// numbers.
///
/// What is in a folder goes with it when it is renamed, durable or not, and comes back with the old name when a power cut loses the
/// new one.
struct SimulatedNames: Sendable {
    enum Node: Sendable, Equatable {
        case directory
        /// An index into the disk's files.
        case file(Int)
    }

    private enum Change {
        case link(Int, Node)
        case unlink(Int)
        case rename(Int, Int, Node)

        var path: Int {
            switch self {
            case .link(let path, _), .unlink(let path), .rename(let path, _, _): path
            }
        }

        /// The folder in which it is made durable.
        func directory(_ paths: SimulatedPaths) -> Int { paths.parent(of: path) }
    }

    /// What lies at each path, by its number.
    private struct Nodes {
        /// -1: nothing; -2: a folder; otherwise a file's index.
        private(set) var raw: [Int32] = []

        subscript(path: Int) -> Node? {
            get {
                guard path < raw.count, raw[path] != -1 else { return nil }
                return raw[path] == -2 ? .directory : .file(Int(raw[path]))
            }
            set {
                while raw.count <= path { raw.append(-1) }
                switch newValue {
                case nil: raw[path] = -1
                case .directory: raw[path] = -2
                case .file(let index): raw[path] = Int32(index)
                }
            }
        }

        /// Puts what lies at some paths at others.
        mutating func move(_ places: [(from: Int, to: Int)]) {
            let nodes = places.map { self[$0.from] }
            for place in places { self[place.from] = nil }
            for (place, node) in zip(places, nodes) { self[place.to] = node }
        }

        mutating func apply(_ change: Change) {
            switch change {
            case .link(let path, let node): self[path] = node
            case .unlink(let path): self[path] = nil
            case .rename(let source, let destination, let node):
                self[source] = nil
                self[destination] = node
            }
        }
    }

    let paths: SimulatedPaths
    private var live = Nodes()
    private var durable = Nodes()
    /// In the order in which they were made, over all folders.
    private var pending: [(directory: Int, change: Change)] = []

    init(_ paths: SimulatedPaths = SimulatedPaths()) {
        self.paths = paths
        live[SimulatedPaths.root] = .directory
        durable[SimulatedPaths.root] = .directory
    }

    subscript(path: String) -> Node? { live[paths.number(of: path)] }

    func parent(of path: String) -> Node? { live[paths.parent(of: paths.number(of: path))] }

    func areNeighbours(_ one: String, _ other: String) -> Bool {
        paths.parent(of: paths.number(of: one)) == paths.parent(of: paths.number(of: other))
    }

    /// In one order for one seed.
    func names(in directory: String) -> [String]? {
        let number = paths.number(of: directory)
        guard live[number] == .directory else { return nil }
        return paths.names(in: number) { live[$0] != nil }
    }

    /// Every file by its path, in one order.
    var files: [(path: String, file: Int)] {
        var found: [(String, Int)] = []
        for number in live.raw.indices {
            if case .file(let index) = live[number] { found.append((paths.path(number), index)) }
        }
        return found.sorted { $0.0 < $1.0 }
    }

    /// A new folder is empty, whatever lay at its path.
    mutating func link(_ path: String, _ node: Node) {
        let number = paths.number(of: path)
        if node == .directory {
            for inner in paths.inside(number) { durable[inner] = nil }
            pending.removeAll { $0.directory == number }
        }
        note(.link(number, node))
    }

    mutating func unlink(_ path: String) { note(.unlink(paths.number(of: path))) }

    /// - Precondition: both are in one folder, and the source is there.
    mutating func rename(_ source: String, to destination: String) {
        let (from, to) = (paths.number(of: source), paths.number(of: destination))
        guard let node = live[from] else { preconditionFailure("\(source) is renamed and not there") }
        if node == .directory { move(paths.places(from, to)) }
        note(.rename(from, to, node))
    }

    /// Takes what is in a folder, and what is under way there, to its new path.
    private mutating func move(_ places: [(from: Int, to: Int)]) {
        live.move(places)
        durable.move(places)
        for place in pending.indices {
            let entry = pending[place]
            func moved(_ number: Int) -> Int { places.first { $0.from == number }?.to ?? number }
            let change: Change =
                switch entry.change {
                case .link(let path, let node): .link(moved(path), node)
                case .unlink(let path): .unlink(moved(path))
                case .rename(let source, let destination, let node): .rename(moved(source), moved(destination), node)
                }
            if places.contains(where: { $0.from == entry.change.path }) {
                pending[place] = (change.directory(paths), change)
            }
        }
    }

    private mutating func note(_ change: Change) {
        live.apply(change)
        pending.append((change.directory(paths), change))
    }

    // MARK: Syncs

    mutating func sync(_ directory: String) {
        let number = paths.number(of: directory)
        var kept: [(directory: Int, change: Change)] = []
        for entry in pending {
            if entry.directory == number { durable.apply(entry.change) } else { kept.append(entry) }
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
        for entry in pending { durable.apply(entry.change) }
        pending = []
    }

    // MARK: Power cuts

    /// The new name of a folder was lost: what is in it is under the old one, unless another folder has that by now.
    /// - Parameter lost: places of changes that were lost.
    private func takeBack(_ change: Change, at place: Int, _ nodes: inout Nodes, _ lost: Set<Int>) {
        guard case .rename(let source, let destination, .directory) = change, nodes[source] == .directory
        else { return }
        let isTaken = pending.indices.contains { later in
            guard later > place, !lost.contains(later), case .link(let path, .directory) = pending[later].change
            else { return false }
            return path == source
        }
        if !isTaken { nodes.move(paths.places(destination, source)) }
    }

    /// What may be on the medium after a cut. A folder whose own name is lost takes everything in it along.
    ///
    /// - Parameters:
    ///   - inOrder: the un-synced changes that survive are the oldest ones, as with a journal; otherwise any of them may.
    ///   - file: gives what becomes of a file that still has a name: its new index.
    func afterPowerCut(
        _ generator: inout SeededGenerator, inOrder: Bool, _ file: (Int, inout SeededGenerator) -> Int
    ) -> (names: SimulatedNames, dropped: Int) {
        var nodes = durable
        var dropped = 0
        if !pending.isEmpty {
            let prefix = generator.below(pending.count + 1)
            let kept = generator.element(of: [0, 200, 500, 800, 1000])
            var lost: [(place: Int, change: Change)] = []
            for (place, entry) in pending.enumerated() {
                if inOrder ? place < prefix : generator.chance(kept) {
                    nodes.apply(entry.change)
                } else {
                    lost.append((place, entry.change))
                }
            }
            dropped = lost.count
            let places = Set(lost.map(\.place))
            for (place, change) in lost.reversed() { takeBack(change, at: place, &nodes, places) }
        }
        var survivor = SimulatedNames(paths)
        let parents = paths.parents(upTo: nodes.raw.count)
        for number in nodes.raw.indices.dropFirst() {
            guard let node = nodes[number], survivor.live[parents[number]] == .directory else { continue }
            switch node {
            case .directory: survivor.live[number] = .directory
            case .file(let index): survivor.live[number] = .file(file(index, &generator))
            }
        }
        survivor.durable = survivor.live
        return (survivor, dropped)
    }
}
