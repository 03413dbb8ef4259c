internal import CRdKafka

/// librdkafka's configuration until a client takes it over.
struct ClientConfiguration: ~Copyable {
    private var pointer: OpaquePointer?

    init() { pointer = rd_kafka_conf_new() }

    deinit { if let pointer { rd_kafka_conf_destroy(pointer) } }

    /// - Throws: `.property`, without the value: it may be a password.
    func set(_ name: String, _ value: String) throws(KafkaClientError) {
        let size = 512
        var code = RD_KAFKA_CONF_OK
        // Only what librdkafka says of names: of values it repeats them.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            text.initialize(repeating: 0)
            code = rd_kafka_conf_set(pointer, name, value, text.baseAddress, size)
        }
        switch code {
        case RD_KAFKA_CONF_OK: return
        case RD_KAFKA_CONF_UNKNOWN:
            throw KafkaClientError(
                .property, "There is no client property \(name).",
                remedy: "librdkafka's CONFIGURATION.md lists them; docs/command-line.md says where it is.")
        default:
            throw KafkaClientError(
                .property, "Client property \(name) cannot have this value.",
                remedy: "librdkafka's CONFIGURATION.md tells which it takes.")
        }
    }

    func set(_ properties: ClientProperties) throws(KafkaClientError) {
        for property in properties.all { try set(property.name, property.value) }
    }

    /// Hands over what librdkafka calls back.
    /// - Parameter reports: must outlive the client.
    func report(to reports: ClientReports) {
        rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(reports).toOpaque())
        rd_kafka_conf_set_log_cb(pointer) { client, level, facility, text in
            // A server that hangs up is level 6: it may have had its reasons.
            let isFailure = facility.map { String(cString: $0) } == "FAIL"
            guard level <= 3 || isFailure, let text, let opaque = rd_kafka_opaque(client) else { return }
            Unmanaged<ClientReports>.fromOpaque(opaque).takeUnretainedValue().trouble
                .add(String(cString: text), counts: level <= 3)
        }
        rd_kafka_conf_set_error_cb(pointer) { _, code, text, opaque in
            guard let opaque else { return }
            Unmanaged<ClientReports>.fromOpaque(opaque).takeUnretainedValue().trouble
                .add(rd_kafka_resp_err_t(rawValue: code), text.map { String(cString: $0) } ?? "")
        }
    }

    func reportDeliveries(
        _ callback:
            @convention(c) (OpaquePointer?, UnsafePointer<rd_kafka_message_t>?, UnsafeMutableRawPointer?) ->
            Void
    ) {
        rd_kafka_conf_set_dr_msg_cb(pointer, callback)
    }

    /// - Returns: the client, which owns the configuration from now on.
    /// - Throws: `.property` if two of them do not go together.
    consuming func makeClient(_ type: rd_kafka_type_t) throws(KafkaClientError) -> OpaquePointer {
        let size = 512
        var reason = ""
        let client = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { text in
            text.initialize(repeating: 0)
            let client = rd_kafka_new(type, pointer, text.baseAddress, size)
            if client == nil, let start = text.baseAddress { reason = String(cString: start) }
            return client
        }
        guard let client else {
            throw KafkaClientError(
                .property, "These client properties do not go together: \(reason).",
                remedy: "Correct what -X and --command-config give.")
        }
        // Only a client that was made owns it.
        pointer = nil
        return client
    }
}
