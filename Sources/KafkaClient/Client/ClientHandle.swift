internal import CRdKafka
internal import Synchronization

/// One client of librdkafka, with its threads and connections. Everything that waits is called on a thread of its own, never on Swift's
/// pool, and returns within a moment of ``interrupt()``.
///
/// `@unchecked Sendable`: librdkafka's clients may be used by any number of threads at once; the pointer never changes.
final class ClientHandle: @unchecked Sendable {
    /// How long a server has to answer.
    static let patience = Duration.seconds(15)
    /// How long a wait lasts before it looks whether it was called off, in ms.
    static let slice: Int32 = 100
    /// The longest wait that cannot be called off, in ms: for one answer on a slow link.
    private static let longestSlice: Int32 = 4000

    let pointer: OpaquePointer
    let reports: ClientReports
    let bootstrap: String
    private let isInterrupted = Atomic(false)
    /// Groups are left, and positions committed, when it goes.
    private let closesConsumer: Bool

    init(
        _ type: rd_kafka_type_t, _ properties: ClientProperties, closesConsumer: Bool = false,
        prepare: (borrowing ClientConfiguration) -> Void = { _ in }
    ) throws(KafkaClientError) {
        let reports = ClientReports()
        let configuration = ClientConfiguration()
        try configuration.set(properties)
        configuration.report(to: reports)
        prepare(configuration)
        pointer = try configuration.makeClient(type)
        self.reports = reports
        self.closesConsumer = closesConsumer
        bootstrap = properties["bootstrap.servers"] ?? ""
    }

    deinit {
        rd_kafka_destroy_flags(pointer, closesConsumer ? 0 : Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
    }

    /// Ends every wait, now and later, with `.cancelled`.
    func interrupt() { isInterrupted.store(true, ordering: .relaxed) }

    var wasInterrupted: Bool { isInterrupted.load(ordering: .relaxed) }

    func checkInterrupted() throws(KafkaClientError) { if wasInterrupted { throw .cancelled } }

    /// Waits until a server answers.
    /// - Returns: what it says of one topic, of all, or of none.
    /// - Throws: `.unreachable` if none does in time, or every one is down; `.refused`.
    func metadata(_ wanted: Wanted) throws(KafkaClientError) -> ServerMetadata {
        let clock = ContinuousClock()
        let start = clock.now
        var topic: OpaquePointer?
        if case .topic(let name) = wanted {
            topic = rd_kafka_topic_new(pointer, name, nil)
            guard topic != nil else {
                throw KafkaClientError("Topic \(name)", rd_kafka_last_error())
            }
        }
        defer { if let topic { rd_kafka_topic_destroy(topic) } }
        var wait = Self.slice * 5
        while true {
            try checkInterrupted()
            var found: UnsafePointer<rd_kafka_metadata>?
            let response = rd_kafka_metadata(pointer, wanted == .all ? 1 : 0, topic, &found, wait)
            if response == RD_KAFKA_RESP_ERR_NO_ERROR, let found { return ServerMetadata(owning: found) }
            // The answer was on its way and is thrown away when it comes: more such waits would get none either.
            if response == RD_KAFKA_RESP_ERR__TIMED_OUT { wait = min(wait * 2, Self.longestSlice) }
            // Errors that stand for the client are told by its queue.
            rd_kafka_poll(pointer, 0)
            if let refusal = reports.trouble.refusal { throw refusal }
            let waited = clock.now - start
            // A host may have several addresses, and only the second one a server.
            if waited > Self.patience || reports.trouble.isEveryServerDown && waited > .seconds(2) {
                throw unreachable(response)
            }
        }
    }

    /// Asks once whether a server answers; waits two seconds at most.
    /// - Returns: `nil` if one does.
    func absence() -> KafkaClientError? {
        var found: UnsafePointer<rd_kafka_metadata>?
        let response = rd_kafka_metadata(pointer, 0, nil, &found, Self.slice * 20)
        if response == RD_KAFKA_RESP_ERR_NO_ERROR, let found {
            rd_kafka_metadata_destroy(found)
            return nil
        }
        return unreachable(response)
    }

    enum Wanted: Equatable {
        case topic(String)
        case all
        case servers
    }

    /// - Parameter response: what the call itself gave.
    func unreachable(_ response: rd_kafka_resp_err_t) -> KafkaClientError {
        let error = KafkaClientError("\(bootstrap) does not answer", response, said: reports.trouble.last)
        return KafkaClientError(
            .unreachable, responseCode: response.rawValue, error.message,
            remedy: reports.trouble.remedy ?? ResponseMeaning.of(RD_KAFKA_RESP_ERR__TRANSPORT).remedy)
    }

    /// What is left of ``patience`` as librdkafka counts time.
    static var patienceInMilliseconds: Int32 { Int32(patience.components.seconds * 1000) }
}
