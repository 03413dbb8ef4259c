import Foundation

/// Runs blocking work on a thread of its own: never on Swift's cooperative pool.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try body() }) }
        // Foundation's default of 512 KiB is little for debug builds.
        thread.stackSize = 4 << 20
        thread.start()
    }
}
