public import EdgeBroker
public import Logging
internal import NIOCore
internal import NIOPosix
import Synchronization

/// The broker as Kafka's clients see it: a socket on which Kafka's protocol is spoken.
public final class KafkaListener: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let connections: Connections
    private let logger: Logger
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    /// Where it listens; the port is the one that the system chose if it was to.
    public let endpoint: KafkaListenerConfiguration.Endpoint

    private init(
        _ group: MultiThreadedEventLoopGroup, _ channel: any Channel, _ connections: Connections,
        _ endpoint: KafkaListenerConfiguration.Endpoint, _ logger: Logger
    ) {
        self.group = group
        self.channel = channel
        self.connections = connections
        self.endpoint = endpoint
        self.logger = logger
    }

    /// Listens and serves until ``stop()``.
    ///
    /// - Throws: ``KafkaListenerError`` if the address cannot be had.
    public static func start(
        _ broker: Broker, _ configuration: KafkaListenerConfiguration, logger: Logger
    ) async throws(KafkaListenerError) -> KafkaListener {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let service = KafkaService(broker, configuration, logger)
        let connections = Connections(configuration)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptPace(perSecond: configuration.mostNewConnectionsPerSecond))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
            .childChannelOption(
                .writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 1 << 20, high: 4 << 20)
            )
            .childChannelInitializer { channel in
                guard connections.add(channel) else {
                    service.noteCrowd(channel.remoteAddress)
                    return channel.close()
                }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(service, connections, configuration))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: configuration.listen.host, port: configuration.listen.port)
                .get()
            let port = channel.localAddress?.port ?? configuration.listen.port
            service.didListen(onPort: port)
            let endpoint = KafkaListenerConfiguration.Endpoint(host: configuration.listen.host, port: port)
            return KafkaListener(group, channel, connections, endpoint, logger)
        } catch {
            try? await group.shutdownGracefully()
            throw KafkaListenerError(cannotListenOn: configuration.listen, error)
        }
    }

    /// Takes no further connections or requests, answers what has come, and closes. Connections that do not take their answers within
    /// ``KafkaListenerConfiguration/drainTimeout`` are cut. Whoever calls it again waits for the same stop.
    public func stop() async {
        let stop = stopping.withLock { stopping in
            let stop = stopping ?? Task { await drain() }
            stopping = stop
            return stop
        }
        await stop.value
    }

    private func drain() async {
        do {
            try await channel.close()
        } catch {
            logger.debug("The listening socket was closed already", metadata: ["reason": "\(error)"])
        }
        let open = connections.drain()
        for connection in open {
            connection.eventLoop.execute {
                connection.pipeline.fireUserInboundEventTriggered(ConnectionHandler.DrainRequest())
            }
        }
        do {
            // Each of them ends by itself or is cut.
            _ = try await EventLoopFuture.whenAllComplete(open.map(\.closeFuture), on: group.any()).get()
            try await group.shutdownGracefully()
        } catch {
            logger.debug("The event loops did not end well", metadata: ["reason": "\(error)"])
        }
    }
}
