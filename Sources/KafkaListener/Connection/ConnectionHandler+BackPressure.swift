import NIOCore

/// When a connection is not read from: its client has enough on its way, does not take its answers, or all have too much.
extension ConnectionHandler {
    func read(context: ChannelHandlerContext) {
        if mayRead(context) { context.read() } else { isReadPostponed = true }
    }

    private func mayRead(_ context: ChannelHandlerContext) -> Bool {
        !waitsForRoom && !isDraining && responses.count < Self.mostRequests && context.channel.isWritable
    }

    func waitForRoom(_ context: ChannelHandlerContext) {
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

    func readIfPostponed(_ context: ChannelHandlerContext) {
        guard isReadPostponed, mayRead(context) else { return }
        isReadPostponed = false
        context.read()
    }
}
