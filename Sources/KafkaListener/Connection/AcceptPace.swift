import NIOCore

/// Takes new connections at a bounded pace, so that those who are served do not wait while others knock as fast as they can. Who comes too soon waits
/// in the system's queue.
///
/// A handler of the listening socket. After a quiet while an eighth of a second's worth comes in at once: far fewer than there are places, or those
/// who came before would have to go before they can ask anything.
final class AcceptPace: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private var budget: PaceBudget
    private var later: Scheduled<Void>?

    init(perSecond: Int) {
        budget = PaceBudget(perSecond: perSecond, atOnce: max(1, perSecond / 8), at: .now())
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        budget.spend()
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard let pause = budget.pause(at: .now()) else { return context.read() }
        // The system is asked again by whoever has been waiting longest: one timer is enough.
        if later != nil { return }
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        later = context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            let (handler, context) = box.value
            handler.later = nil
            handler.read(context: context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        later?.cancel()
        context.fireChannelInactive()
    }
}

/// How many of something may happen now, if only so many may in a second on average.
struct PaceBudget: Sendable {
    private let perSecond: Int
    private let atOnce: Int
    private var left: Double
    private var counted: NIODeadline

    init(perSecond: Int, atOnce: Int, at now: NIODeadline) {
        precondition(perSecond > 0 && atOnce > 0, "A pace of \(perSecond) a second, \(atOnce) at once, never begins")
        self.perSecond = perSecond
        self.atOnce = atOnce
        left = Double(atOnce)
        counted = now
    }

    /// One has happened. Some more than may can be under way already.
    mutating func spend() { left -= 1 }

    /// - Returns: how long to wait; `nil`: one may happen now.
    mutating func pause(at now: NIODeadline) -> TimeAmount? {
        let gained = Double((now - counted).nanoseconds) / 1e9 * Double(perSecond)
        left = min(Double(atOnce), left + gained)
        counted = now
        if left >= 1 { return nil }
        return .nanoseconds(max(1_000_000, Int64((1 - left) / Double(perSecond) * 1e9)))
    }
}
