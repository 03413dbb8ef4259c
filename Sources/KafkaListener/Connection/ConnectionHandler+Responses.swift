import NIOCore

/// What goes out, and clients that do not take it.
extension ConnectionHandler {
    func write(_ response: OutgoingResponse, _ context: ChannelHandlerContext) {
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
}
