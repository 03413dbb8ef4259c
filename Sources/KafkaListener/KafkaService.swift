import EdgeBroker
import KafkaWire
import Logging
import NIOCore
import Synchronization

/// What the requests of all connections are answered from.
final class KafkaService: Sendable {
    let broker: Broker
    let configuration: KafkaListenerConfiguration
    private let logger: Logger
    private let endpoint: Mutex<KafkaListenerConfiguration.Endpoint>
    /// Connections for which there was no place.
    private let crowd = Mutex(SparseNote())
    /// Those that were closed because of what they sent or did not take.
    private let closed = Mutex(SparseNote())

    init(_ broker: Broker, _ configuration: KafkaListenerConfiguration, _ logger: Logger) {
        self.broker = broker
        self.configuration = configuration
        self.logger = logger
        endpoint = Mutex(configuration.advertised ?? configuration.listen)
    }

    /// What clients are to dial.
    var advertised: KafkaListenerConfiguration.Endpoint { endpoint.withLock { $0 } }

    /// The port is known once the socket has one.
    func didListen(onPort port: Int) {
        if configuration.advertised == nil { endpoint.withLock { $0.port = port } }
    }

    /// Decodes a request and begins to answer it.
    ///
    /// - Returns: what to call if the client goes away before the answer; `nil`: nothing waits that need not.
    /// - Throws: if the bytes are no request that we know: the connection is to be closed, and the reply is not called.
    func serve(
        _ frame: ArraySlice<UInt8>, from host: String, on eventLoop: any EventLoop, _ reply: Reply
    ) throws(WireError) -> (@Sendable () -> Void)? {
        try WireReader.read(frame) { reader throws(WireError) in
            let header = try RequestHeader(from: &reader)
            guard let answers = Answers.byKey[header.key] else {
                reply(.close)
                return nil
            }
            let request = IncomingRequest(header: header, host: host, eventLoop: eventLoop, frame: frame)
            return try answers.begin(request, &reader, self, reply)
        }
    }

    /// Notes that we hung up, and how often since that was last noted, at most once in ten seconds.
    func note(closed address: SocketAddress?, because reason: String) {
        guard let count = closed.withLock({ $0.happened(at: .now()) }) else { return }
        logger.info(
            "A connection was closed",
            metadata: ["client": "\(address?.description ?? "")", "reason": "\(reason)", "closed": "\(count)"])
    }

    /// Notes that there was no place for a client, at most once in ten seconds.
    func noteCrowd(_ address: SocketAddress?) {
        guard let count = crowd.withLock({ $0.happened(at: .now()) }) else { return }
        logger.warning(
            "There are as many connections as there may be; further ones are closed",
            metadata: [
                "most": "\(configuration.mostConnections)", "refused": "\(count)",
                "last": "\(address?.description ?? "")",
            ])
    }
}

/// A request's header and where it came from.
struct IncomingRequest: Sendable {
    let header: RequestHeader
    /// The client's address.
    let host: String
    /// The connection's: timers of its own cost no other thread a wake-up.
    let eventLoop: any EventLoop
    /// Without its length; record data is in here.
    let frame: ArraySlice<UInt8>
}
