/// Wall-clock time in milliseconds since 1970-01-01 UTC, as Kafka keeps it. Records without a time have ``none``.
@frozen public struct Timestamp: Comparable, Hashable, Sendable {
    /// May be negative.
    public var millisecondsSince1970: Int64

    @inlinable public init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

    /// No time is known.
    public static let none = Timestamp(millisecondsSince1970: -1)

    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }
}
