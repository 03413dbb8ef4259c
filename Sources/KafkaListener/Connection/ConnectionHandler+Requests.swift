import KafkaWire
import NIOCore

/// From bytes to requests, and from answers to the next request.
extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        lastActivity = .now()
        bytes.withUnsafeReadableBytes { frames.append($0) }
        serveFrames(context)
    }

    /// Serves what has come, as long as the client takes its answers.
    func serveFrames(_ context: ChannelHandlerContext) {
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
}
