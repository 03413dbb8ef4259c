import RecordFormat

/// Each key's last offset, for the keys of one class, in memory that does not grow.
///
/// Open addressing with linear probing, at most nine tenths full.
struct KeyOffsets: ~Copyable {
    private struct Entry {
        var high: UInt64
        var low: UInt64
        /// -1: free.
        var offset: Int64
    }

    static let bytesPerEntry = 24

    private(set) var keyClass: KeyClass
    private(set) var count = 0
    private let limit: Int
    private var entries: [Entry]

    /// - Parameters:
    ///   - bytes: of memory, at most.
    ///   - records: there will not be more keys than this; less memory is taken then.
    init(_ keyClass: KeyClass, bytes: Int, records: Int64) {
        precondition(bytes >= 4096, "A map of \(bytes) bytes")
        self.keyClass = keyClass
        let most = bytes / Self.bytesPerEntry
        let needed = records / 8 * 10 + 16
        let size = Int64(most) < needed ? most : Int(needed)
        limit = size / 10 * 9
        entries = Array(repeating: Entry(high: 0, low: 0, offset: -1), count: size)
    }

    /// Forgets everything and begins with another class.
    mutating func begin(_ keyClass: KeyClass) {
        self.keyClass = keyClass
        count = 0
        for place in entries.indices { entries[place].offset = -1 }
    }

    /// Notes a record whose key is in the class. Records come in the order of their offsets.
    /// - Returns: false if there is no room for another key.
    mutating func note(_ digest: KeyDigest, at offset: Offset) -> Bool {
        let place = place(of: digest)
        if entries[place].offset < 0 {
            if count >= limit { return false }
            count += 1
        }
        entries[place] = Entry(high: digest.high, low: digest.low, offset: offset.rawValue)
        return true
    }

    /// Whether a later record of the key was noted than the one at `offset`.
    func supersedes(_ digest: KeyDigest, at offset: Offset) -> Bool {
        entries[place(of: digest)].offset > offset.rawValue
    }

    private func place(of digest: KeyDigest) -> Int {
        // The class is of `high`, so the place must be of `low`, or a small class would crowd in one corner.
        var place = Int(digest.low.multipliedFullWidth(by: UInt64(entries.count)).high)
        while entries[place].offset >= 0, entries[place].low != digest.low || entries[place].high != digest.high {
            place += 1
            if place == entries.count { place = 0 }
        }
        return place
    }
}
