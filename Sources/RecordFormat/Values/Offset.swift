/// A record's number in its partition, from 0. It never changes, and is never given again once the record was readable.
@frozen public struct Offset: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// 0 or more.
    public var rawValue: Int64

    @inlinable public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Of a partition's first record.
    public static let zero = Offset(0)

    /// The offset `count` records later. Traps on overflow: the decoders let no offset through from which the next one
    /// cannot be counted.
    @inlinable public func advanced(by count: Int64) -> Offset { Offset(rawValue + count) }

    @inlinable public static func < (left: Offset, right: Offset) -> Bool { left.rawValue < right.rawValue }

    public var description: String { String(rawValue) }
}
