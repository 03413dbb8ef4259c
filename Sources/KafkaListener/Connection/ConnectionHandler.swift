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
    static let mostRequests = 64
    /// Bytes a second that a first request must come with at least, where its time would not do: old clients begin with records.
    static let slowestFirstRequest = 64 << 10

    let service: KafkaService
    let connections: Connections
    let configuration: KafkaListenerConfiguration
    var frames: FrameDecoder
    var responses = ResponseQueue<OutgoingResponse>()
    /// What a closed connection need not wait for any more, by request.
    var cancellations: [Int: @Sendable () -> Void] = [:]
    var context: ChannelHandlerContext?
    /// The client's address.
    var host = ""
    var isProven = false
    var isDraining = false
    /// The system was asked for bytes and may not be asked again.
    var isReadPostponed = false
    var waitsForRoom = false
    /// Requests are being gone through: what ends one of them must not begin with the next, or each would be a call within the last.
    var isServing = false
    /// Bytes of requests that are not served yet, most of them because they are not whole.
    var waitingBytes = 0
    let begun = NIODeadline.now()
    var lastActivity = NIODeadline.now()
    var timeout: Scheduled<Void>?
    var slowReader: Scheduled<Void>?

    init(_ service: KafkaService, _ connections: Connections, _ configuration: KafkaListenerConfiguration) {
        self.service = service
        self.connections = connections
        self.configuration = configuration
        frames = FrameDecoder(limit: configuration.mostRequestBytes)
    }

    // MARK: Its life

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
    func close(because reason: String) {
        guard let context else { return }
        service.note(closed: context.remoteAddress, because: reason)
        context.close(promise: nil)
    }

    /// How long nothing has come, and how long that may be.
    private var idleTime: (TimeAmount, TimeAmount) {
        (NIODeadline.now() - lastActivity, TimeAmount(configuration.idleTimeout))
    }

    /// How long the client has had for its first request, and how long it may have: the longer, the more of it has come.
    private var timeOfFirstRequest: (TimeAmount, TimeAmount) {
        let seconds = Double(frames.bytesWaiting) / Double(Self.slowestFirstRequest)
        return (
            NIODeadline.now() - begun, TimeAmount(configuration.firstRequestTimeout) + TimeAmount(.seconds(seconds))
        )
    }

    /// Closes the connection if nothing comes for so long. One timer at a time; it looks when it fires.
    func watch(_ context: ChannelHandlerContext, for patience: Duration) {
        timeout?.cancel()
        let patience = TimeAmount(patience)
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in
            guard let self, let context = self.context else { return }
            let (passed, limit) = self.isProven ? self.idleTime : self.timeOfFirstRequest
            // A request that waits for its answer is not idle.
            if passed >= limit, self.responses.count == 0 { return context.close(promise: nil) }
            self.watch(context, for: .nanoseconds(max(1_000_000, (limit - passed).nanoseconds)))
        }
    }
}
