import EdgeBroker
import KafkaWire
import NIOCore

/// One client's connection: frames in, responses out in the order of their requests.
///
/// Everything here runs on the connection's event loop. Nothing may block it for longer than the page cache takes; answers that wait for
/// the disk come from other threads.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = IOData

    /// Requests that a client may have on their way; it is not read from beyond that. Kafka's clients have five and a fetch.
    private static let mostRequests = 64

    private let service: KafkaService
    private let connections: Connections
    private let configuration: KafkaListenerConfiguration
    private var frames: FrameDecoder
    private var responses = ResponseQueue<OutgoingResponse>()
    /// What a closed connection need not wait for any more, by request.
    private var cancellations: [Int: @Sendable () -> Void] = [:]
    private var context: ChannelHandlerContext?
    /// The client's address.
    private var host = ""
    private var isProven = false
    private var isDraining = false
    /// The system was asked for bytes and may not be asked again.
    private var isReadPostponed = false
    private var waitsForRoom = false
    private var lastActivity = NIODeadline.now()
    private var timeout: Scheduled<Void>?
    private var slowReader: Scheduled<Void>?

    init(_ service: KafkaService, _ connections: Connections, _ configuration: KafkaListenerConfiguration) {
        self.service = service
        self.connections = connections
        self.configuration = configuration
        var limits = WireLimits()
        limits.frameBytes = configuration.mostRequestBytes
        frames = FrameDecoder(limits: limits)
    }

    // MARK: The connection's life

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func channelActive(context: ChannelHandlerContext) {
        host = context.remoteAddress?.ipAddress ?? ""
        watch(context, for: configuration.firstRequestTimeout)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        slowReader?.cancel()
        connections.remove(context.channel)
        for cancel in cancellations.values { cancel() }
        cancellations = [:]
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The client went away, or the system has no more to give: nobody is there to be told.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainRequest: drain(context)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Asks a connection to answer what it has, and to close.
    struct DrainRequest {}

    private func drain(_ context: ChannelHandlerContext) {
        isDraining = true
        for cancel in cancellations.values { cancel() }
        if responses.count == 0 { return context.close(promise: nil) }
        timeout?.cancel()
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.drainTimeout)) {
            [weak self] in
            self?.close(because: "it did not take its answers before the stop")
        }
    }

    /// Hangs up, where the client has no other way to learn why than our log.
    private func close(because reason: String) {
        guard let context else { return }
        service.note(closed: context.remoteAddress, because: reason)
        context.close(promise: nil)
    }

    /// Closes the connection if nothing comes for so long. One timer at a time; it looks when it fires.
    private func watch(_ context: ChannelHandlerContext, for patience: Duration) {
        timeout?.cancel()
        let patience = TimeAmount(patience)
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in
            guard let self, let context = self.context else { return }
            let idle = NIODeadline.now() - self.lastActivity
            let limit = TimeAmount(
                self.isProven ? self.configuration.idleTimeout : self.configuration.firstRequestTimeout)
            // A request that waits for its answer is not idle.
            if idle >= limit, self.responses.count == 0 || !self.isProven { return context.close(promise: nil) }
            self.watch(context, for: .nanoseconds(max(1_000_000, (limit - idle).nanoseconds)))
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        lastActivity = .now()
        bytes.withUnsafeReadableBytes { frames.append($0) }
        serveFrames(context)
    }

    private func serveFrames(_ context: ChannelHandlerContext) {
        do throws(WireError) {
            while !isDraining, responses.count < Self.mostRequests, let frame = try frames.next() {
                if !isProven {
                    isProven = true
                    connections.prove(context.channel)
                    watch(context, for: configuration.idleTimeout)
                }
                try serve(frame, context)
            }
        } catch {
            close(because: "\(error)")
        }
    }

    private func serve(_ frame: ArraySlice<UInt8>, _ context: ChannelHandlerContext) throws(WireError) {
        let number = responses.begin()
        let size = frame.count
        if !connections.take(size) { waitsForRoom = true }
        let (eventLoop, connections) = (context.eventLoop, connections)
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        let reply = Reply { response in
            connections.release(size)
            if eventLoop.inEventLoop { return handler.value.finish(number, response) }
            eventLoop.execute { handler.value.finish(number, response) }
        }
        do throws(WireError) {
            let cancel = try service.serve(frame, from: host, on: eventLoop, reply)
            // An answer may have come already.
            if let cancel, responses.isWaiting(number) { cancellations[number] = cancel }
        } catch {
            connections.release(size)
            throw error
        }
    }

    private func finish(_ number: Int, _ response: Reply.Outcome) {
        cancellations[number] = nil
        guard let context else { return }
        let sendable: [OutgoingResponse]
        switch response {
        case .response(let response): sendable = responses.answer(number, response)
        case .nothing: sendable = responses.answer(number, nil)
        case .close: return context.close(promise: nil)
        case .refuse(let error): return close(because: "\(error)")
        }
        for response in sendable { write(response, context) }
        if !sendable.isEmpty { context.flush() }
        if isDraining, responses.count == 0 {
            // Behind what was just written.
            context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer()))).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
            return
        }
        // Those that came while there were too many.
        serveFrames(context)
        readIfPostponed(context)
    }

    // MARK: Responses

    private func write(_ response: OutgoingResponse, _ context: ChannelHandlerContext) {
        do {
            for part in try response.parts(context.channel.allocator) {
                switch part {
                case .bytes(let buffer): context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
                case .file(let region, let slice):
                    let sent = context.eventLoop.makePromise(of: Void.self)
                    let handle = region.fileHandle
                    sent.futureResult.assumeIsolated().whenComplete { _ in
                        // The descriptor is the slice's, which closes it when nobody reads from it any more.
                        withExtendedLifetime(slice) { _ = try? handle.takeDescriptorOwnership() }
                    }
                    context.write(wrapOutboundOut(.fileRegion(region)), promise: sent)
                }
            }
        } catch {
            // The client has a part of the response: there is no way to tell it but to hang up.
            close(because: "its answer cannot be read: \(error)")
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        slowReader?.cancel()
        slowReader = nil
        if context.channel.isWritable {
            readIfPostponed(context)
        } else {
            slowReader = context.eventLoop.assumeIsolated().scheduleTask(
                in: TimeAmount(configuration.slowReaderTimeout)
            ) {
                [weak self] in self?.close(because: "it takes nothing of its answers")
            }
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Back-pressure

    func read(context: ChannelHandlerContext) {
        if mayRead(context) { context.read() } else { isReadPostponed = true }
    }

    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        if waitsForRoom {
            let (eventLoop, handler) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
            connections.whenRoom {
                eventLoop.execute {
                    handler.value.waitsForRoom = false
                    if let context = handler.value.context { handler.value.readIfPostponed(context) }
                }
            }
            return false
        }
        return !isDraining && responses.count < Self.mostRequests && context.channel.isWritable
    }

    private func readIfPostponed(_ context: ChannelHandlerContext) {
        guard isReadPostponed, !waitsForRoom, mayRead(context) else { return }
        isReadPostponed = false
        context.read()
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
