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
        _ frame: ArraySlice<UInt8>, from host: String, _ reply: Reply
    ) throws(WireError) -> (@Sendable () -> Void)? {
        try WireReader.read(frame) { reader throws(WireError) in
            let header = try RequestHeader(from: &reader)
            guard let answers = Answers.byKey[header.key] else {
                reply(.close)
                return nil
            }
            let request = IncomingRequest(header: header, host: host, frame: frame)
            return try answers.begin(request, &reader, self, reply)
        }
    }

    func note(refused error: WireError, from address: SocketAddress?) {
        logger.info(
            "A connection was closed for what it sent",
            metadata: ["client": "\(address?.description ?? "")", "reason": "\(error)"])
    }
}

/// A request's header and where it came from.
struct IncomingRequest: Sendable {
    let header: RequestHeader
    /// The client's address.
    let host: String
    /// Without its length; record data is in here.
    let frame: ArraySlice<UInt8>
}
