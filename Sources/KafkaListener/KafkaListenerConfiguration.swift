public import EdgeBroker

/// Where the broker is reached as a Kafka broker, and what it grants its clients.
public struct KafkaListenerConfiguration: Sendable {
    /// A host and a port as a client dials them.
    public struct Endpoint: Sendable, Equatable {
        /// A name or an address.
        public var host: String
        /// 0…65,535; 0 lets the system choose one.
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// The address to listen on. Other machines reach it only if it is not a loopback address.
    public var listen = Endpoint(host: "127.0.0.1", port: 9092)
    /// What clients are told to dial; `nil`: ``listen``. Behind a forwarded port, or when listening on all addresses, it must be set.
    public var advertised: Endpoint?
    /// Of the only broker of this cluster: 0 or more.
    public var nodeID: Int32 = 1
    /// What a topic becomes that a client asks for and that is not there; `nil`: it is not made.
    public var autoCreated: TopicConfiguration? = TopicConfiguration()
    /// A topic that is to have more replicas than there are brokers gets one, instead of an error: clients made for clusters ask for
    /// three (`clamp.replication.factor`).
    public var clampsReplicationFactor = true
    /// Connections at one time: 1 or more. Beyond it those go first that have not sent a request yet.
    public var mostConnections = 2000
    /// New connections in a second, on average: 1 or more. Further ones wait in the system's queue, so that those who are served do not wait for
    /// them (`make bench-kafka` measures it).
    public var mostNewConnectionsPerSecond = 3000
    /// Bytes of one request: 1 KiB to 1 GiB, as Kafka's `socket.request.max.bytes`.
    public var mostRequestBytes = 100 << 20
    /// Bytes of records in one answer to a fetch, whatever the client would take, as Kafka's `fetch.max.bytes`; a first batch that is
    /// larger goes out all the same.
    public var mostFetchBytes = 55 << 20
    /// Bytes of requests in memory, of all connections together. Connections are not read from while there are more.
    public var mostBytesInFlight = 256 << 20
    /// A connection without a request for so long is closed, as Kafka's `connections.max.idle.ms`.
    public var idleTimeout = Duration.seconds(600)
    /// A new connection must have sent its first request by then, or be sending it at 64 KiB a second.
    public var firstRequestTimeout = Duration.seconds(10)
    /// A client that takes nothing of its answers for so long is dropped.
    public var slowReaderTimeout = Duration.seconds(60)
    /// At a stop, a client that has not taken its answers after so long is cut.
    public var drainTimeout = Duration.seconds(5)
    /// Threads that serve connections: 1 or more.
    public var threads = 1

    public init() {}
}
