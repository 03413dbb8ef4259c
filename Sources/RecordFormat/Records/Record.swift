/// What is appended to a partition.
public struct Record: Equatable, Sendable {
    /// Records with equal keys keep their order and, in a compacted topic, replace each other. `nil` is no key.
    public var key: [UInt8]?
    /// `nil` is a tombstone: it deletes its key in a compacted topic. An empty value is not `nil`.
    public var value: [UInt8]?
    /// In their order; a key may occur more than once.
    public var headers: [RecordHeader]
    /// The producer's; `.none` until the broker has stamped it.
    public var timestamp: Timestamp

    /// A record. One without a timestamp is stamped by the broker when it is appended.
    public init(key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp = .none) {
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    /// A record whose key is text, kept as UTF-8.
    public init(key: String, value: [UInt8]?, headers: [RecordHeader] = [], timestamp: Timestamp = .none) {
        self.init(key: Array(key.utf8), value: value, headers: headers, timestamp: timestamp)
    }
}

/// A named value beside a record's own, for example the LSN of the change it holds.
public struct RecordHeader: Equatable, Sendable {
    /// Any text.
    public var key: String
    /// `nil` is not an empty value.
    public var value: [UInt8]?

    public init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// A record and where it stands in its partition.
public struct StoredRecord: Equatable, Sendable {
    /// Its number in the partition.
    public var offset: Offset
    /// What was appended.
    public var record: Record

    public init(offset: Offset, record: Record) {
        self.offset = offset
        self.record = record
    }
}
