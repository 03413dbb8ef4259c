extension Wakeup {
    /// Blocks the calling thread until ``signal()`` was called or `deadline` has passed, and looks at no connection: for a
    /// thread that must not read on yet.
    package func wait(until deadline: ContinuousClock.Instant?) throws(PostgresError) {
        _ = try waitForDescriptor(nil, readable: false, writable: false, wakeup: self, until: deadline)
    }
}
