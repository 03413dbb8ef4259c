internal import CRdKafka

/// Asks a server for its topics, offsets and groups, and changes them. Every call waits for the server: it belongs on a thread of its own.
///
/// All throw `.unreachable`, `.refused`, `.cancelled`, and what is said beside each.
package final class KafkaAdministrator: Sendable {
    let handle: ClientHandle

    /// - Throws: `.property`. Nothing is connected yet.
    package init(_ properties: ClientProperties) throws(KafkaClientError) {
        var own = ClientProperties()
        // The high watermark is asked for, not where the oldest open transaction begins.
        own.set("isolation.level", "read_uncommitted")
        handle = try ClientHandle(RD_KAFKA_CONSUMER, properties.with(own))
    }

    /// Ends every wait, now and later, with `.cancelled`. From any thread.
    package func interrupt() { handle.interrupt() }
}
