import EdgeBroker
import Logging

extension Logger {
    /// What the broker has to tell, as loud as an unattended machine needs it.
    func log(_ event: BrokerEvent) {
        log(level: event.kind.usualLevel, "\(event.message)", metadata: event.metadata)
    }
}
