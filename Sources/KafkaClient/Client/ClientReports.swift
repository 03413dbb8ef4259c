/// What librdkafka calls back for one client, from whichever thread.
final class ClientReports: Sendable {
    let trouble = ConnectionTrouble()
    let deliveries = Deliveries()
}
