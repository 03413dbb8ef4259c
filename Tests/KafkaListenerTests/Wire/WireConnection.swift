import KafkaWire
import NIOCore
import NIOPosix

/// A client of a listener, byte by byte.
struct WireConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received: [UInt8] = []
    private var lastCorrelationID: Int32 = 0

    /// Connects, hands the connection over, and closes it.
    static func with<Result: Sendable>(
        port: Int, _ body: @Sendable (inout WireConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(
            host: "127.0.0.1", port: port
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = WireConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    /// Sends, or does nothing if the server has closed the connection before: then ``nextFrame()`` tells it.
    func send(_ bytes: [UInt8]) async throws {
        do {
            try await outbound.write(ByteBuffer(bytes: bytes))
        } catch ChannelError.ioOnClosedChannel {
            return
        }
    }

    /// - Returns: the next frame without its length; `nil`: the server has closed the connection.
    mutating func nextFrame() async throws -> ArraySlice<UInt8>? {
        while true {
            if received.count >= 4 {
                let length = received[..<4].reduce(0) { $0 << 8 | Int($1) }
                if received.count >= 4 + length {
                    defer { received.removeFirst(4 + length) }
                    return ArraySlice(Array(received[4..<(4 + length)]))
                }
            }
            do {
                guard let bytes = try await inbound.next() else { return nil }
                received += bytes.readableBytesView
            } catch is IOError {
                // Closed with bytes of ours unread, which the system tells as a reset.
                return nil
            }
        }
    }

    /// Sends a request.
    /// - Returns: the correlation id of its response.
    mutating func send<API: WireAPI>(
        _ api: API.Type, version: Int16 = API.versions.upperBound, records: [UInt8] = [],
        _ fill: (inout API.Request) -> Void
    ) async throws -> Int32 {
        var request = API.Request()
        fill(&request)
        lastCorrelationID += 1
        let frame = try API.encodeRequest(request, version: version, correlationID: lastCorrelationID, clientID: "test")
        try await send(frame.assembled { _ in records[...] })
        return lastCorrelationID
    }

    /// - Returns: the next response, which is to be that of `correlationID`; `nil`: the server has closed the connection.
    mutating func receive<API: WireAPI>(
        _ api: API.Type, version: Int16 = API.versions.upperBound, _ correlationID: Int32
    ) async throws -> API.Response? {
        guard let frame = try await nextFrame() else { return nil }
        return try WireReader.read(frame) { reader throws(WireError) in
            let header = try ResponseHeader(from: &reader, headerVersion: API.responseHeaderVersion(version))
            precondition(header.correlationID == correlationID, "The response to \(header.correlationID)")
            return try API.decodeResponse(from: &reader, version: version)
        }
    }

    mutating func call<API: WireAPI>(
        _ api: API.Type, version: Int16 = API.versions.upperBound, records: [UInt8] = [],
        _ fill: (inout API.Request) -> Void
    ) async throws -> API.Response {
        let id = try await send(api, version: version, records: records, fill)
        guard let response = try await receive(api, version: version, id) else { throw Closed() }
        return response
    }

    /// The server has closed the connection.
    struct Closed: Error {}
}
