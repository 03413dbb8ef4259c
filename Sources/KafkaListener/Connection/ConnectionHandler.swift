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

    /// Requests that a client may have on their way; it is not read from beyond that. Java's clients have five and a fetch; librdkafka's
    /// have as many as their queue holds.
    private static let mostRequests = 64
    /// Of a first request: no client begins with records.
    private static let mostFirstBytes = 64 << 10

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
    /// Requests are being gone through: what ends one of them must not begin with the next, or each would be a call within the last.
    private var isServing = false
    /// Bytes of requests that are not served yet, most of them because they are not whole.
    private var waitingBytes = 0
    private var lastActivity = NIODeadline.now()
    private var timeout: Scheduled<Void>?
    private var slowReader: Scheduled<Void>?

    init(_ service: KafkaService, _ connections: Connections, _ configuration: KafkaListenerConfiguration) {
        self.service = service
        self.connections = connections
        self.configuration = configuration
        frames = FrameDecoder(limit: min(Self.mostFirstBytes, configuration.mostRequestBytes))
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
        _ = connections.hold(-waitingBytes)
        waitingBytes = 0
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
            // A first request must be whole by now, however its bytes come.
            if !self.isProven { return context.close(promise: nil) }
            let idle = NIODeadline.now() - self.lastActivity
            let limit = TimeAmount(self.configuration.idleTimeout)
            // A request that waits for its answer is not idle.
            if idle >= limit, self.responses.count == 0 { return context.close(promise: nil) }
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

    /// Serves what has come, as long as the client takes its answers.
    private func serveFrames(_ context: ChannelHandlerContext) {
        if isServing { return }
        isServing = true
        defer { isServing = false }
        do throws(WireError) {
            while !isDraining, responses.count < Self.mostRequests, context.channel.isWritable,
                let frame = try frames.next()
            {
                if !isProven { prove(context) }
                try serve(frame, context)
            }
        } catch {
            return close(because: "\(error)")
        }
        countWaiting()
    }

    /// Counts what has come and is not served yet.
    private func countWaiting() {
        // Once the connection has gone, it holds nothing.
        if context == nil { return }
        let more = frames.bytesWaiting - waitingBytes
        waitingBytes += more
        if !connections.hold(more) { close(because: "requests that are not whole take all the memory there is") }
    }

    private func prove(_ context: ChannelHandlerContext) {
        isProven = true
        frames.limit = configuration.mostRequestBytes
        connections.prove(context.channel)
        watch(context, for: configuration.idleTimeout)
    }

    private func serve(_ frame: ArraySlice<UInt8>, _ context: ChannelHandlerContext) throws(WireError) {
        let number = responses.begin()
        let size = frame.count
        if !connections.take(size) { waitForRoom(context) }
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
            serveFrames(context)
            readIfPostponed(context)
        } else {
            watchReader(context, untaken: .max)
        }
        context.fireChannelWritabilityChanged()
    }

    /// Drops a client that takes nothing. One that is slow takes something each time.
    private func watchReader(_ context: ChannelHandlerContext, untaken: Int) {
        slowReader = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(configuration.slowReaderTimeout)) {
            [weak self] in
            guard let self, let context = self.context else { return }
            let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? untaken
            if left >= untaken { return self.close(because: "it takes nothing of its answers") }
            self.watchReader(context, untaken: left)
        }
    }

    // MARK: Back-pressure

    func read(context: ChannelHandlerContext) {
        if mayRead(context) { context.read() } else { isReadPostponed = true }
    }

    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        !waitsForRoom && !isDraining && responses.count < Self.mostRequests && context.channel.isWritable
    }

    private func waitForRoom(_ context: ChannelHandlerContext) {
        if waitsForRoom { return }
        waitsForRoom = true
        let (eventLoop, handler) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
        connections.whenRoom {
            eventLoop.execute {
                handler.value.waitsForRoom = false
                if let context = handler.value.context { handler.value.readIfPostponed(context) }
            }
        }
    }

    private func readIfPostponed(_ context: ChannelHandlerContext) {
        guard isReadPostponed, mayRead(context) else { return }
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
