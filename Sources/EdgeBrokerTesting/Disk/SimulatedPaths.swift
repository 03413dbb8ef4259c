import Synchronization

/// Every path that was ever named on a disk and on those that came of it, by number: so that thousands of disks that differ in a few
/// names share all that is the same.
///
/// A folder has a smaller number than what is in it.
final class SimulatedPaths: Sendable {
    /// Of the folder `/`.
    static let root = 0

    private struct Entry {
        let path: String
        let name: String
        let parent: Int
        /// In the order in which they were first named.
        var children: [Int] = []
    }

    private struct State {
        var numbers: [String: Int] = ["/": SimulatedPaths.root]
        var entries = [Entry(path: "/", name: "/", parent: SimulatedPaths.root)]

        mutating func number(of path: String) -> Int {
            if let known = numbers[path] { return known }
            let bytes = path.utf8
            let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
            let parent = slash.map { $0 == bytes.startIndex ? "/" : String(path[..<$0]) } ?? "/"
            let parentNumber = number(of: parent)
            let number = entries.count
            entries.append(
                Entry(
                    path: path, name: slash.map { String(path[bytes.index(after: $0)...]) } ?? path,
                    parent: parentNumber))
            entries[parentNumber].children.append(number)
            numbers[path] = number
            return number
        }
    }

    private let state = Mutex(State())

    func number(of path: String) -> Int { state.withLock { $0.number(of: path) } }

    func path(_ number: Int) -> String { state.withLock { $0.entries[number].path } }

    func parent(of number: Int) -> Int { state.withLock { $0.entries[number].parent } }

    /// The names in a folder of what `isThere` accepts.
    func names(in folder: Int, where isThere: (Int) -> Bool) -> [String] {
        state.withLock { state in
            var names: [String] = []
            for child in state.entries[folder].children where isThere(child) { names.append(state.entries[child].name) }
            return names
        }
    }

    /// Everything that was ever named inside a folder, however deep.
    func inside(_ folder: Int) -> [Int] {
        state.withLock { state in
            var found = state.entries[folder].children
            var place = 0
            while place < found.count {
                found += state.entries[found[place]].children
                place += 1
            }
            return found
        }
    }

    /// Where what is inside one folder is when the folder has another's name.
    func places(_ folder: Int, _ other: Int) -> [(from: Int, to: Int)] {
        let (former, new) = (path(folder), path(other))
        return inside(folder).map { inner in
            (inner, number(of: new + String(path(inner).dropFirst(former.count))))
        }
    }

    /// The folder of each path.
    func parents(upTo count: Int) -> [Int] { state.withLock { state in state.entries.prefix(count).map(\.parent) } }
}
