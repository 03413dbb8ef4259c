/// What can be set about a broker. Every default suits an unattended plant server.
public struct BrokerConfiguration: Sendable {
    /// The folder with everything the broker keeps. It is created if it is not there; only one broker may have it open.
    public var dataDirectory: String
    /// Size in bytes at which a segment is closed and the next one begun: 1 KiB or more, 64 MiB by default.
    public var segmentBytes = 64 << 20

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}
