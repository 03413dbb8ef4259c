public import ServiceLifecycle

/// An open broker among the services of a program.
///
/// ```swift
/// let broker = try await Broker.open(configuration, logger: logger)
/// try await ServiceGroup(services: [broker, server], gracefulShutdownSignals: [.sigterm], logger: logger).run()
/// ```
///
/// The group stops its services in the reverse order of the list, so put the broker before what uses it.
extension Broker: Service {
    /// Runs until the group shuts down gracefully or the task is cancelled, and then closes the broker: on return everything that was
    /// acknowledged or taken is synced and the folder is free. The broker works from ``open(_:logger:)`` on, and need not be run.
    public func run() async {
        // It throws when the task is cancelled: that is the other way to be told.
        try? await gracefulShutdown()
        await close()
    }
}
