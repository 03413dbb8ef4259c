import KafkaWire

/// What becomes of a request. Called once, on any thread.
struct Reply: Sendable {
    enum Outcome: Sendable {
        case response(OutgoingResponse)
        /// The client does not wait for one.
        case nothing
        /// The connection is to be closed: there is no other way to tell the client.
        case close
        /// The same, and it is noted why.
        case refuse(WireError)
    }

    private let body: @Sendable (Outcome) -> Void

    init(_ body: @escaping @Sendable (Outcome) -> Void) { self.body = body }

    func callAsFunction(_ outcome: Outcome) { body(outcome) }
}
