import CPlatform
import Glibc

/// The thread on which a source is read: libpq's calls block, and Swift's cooperative pool must not.
enum CaptureThread {
    /// Runs `body` on a thread of its own and waits for it without one.
    static func run(
        _ body: @escaping @Sendable () throws(CaptureError) -> Void
    ) async throws(CaptureError) {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, CaptureError>, Never>) in
            let box = Unmanaged.passRetained(
                Body {
                    continuation.resume(returning: Result { () throws(CaptureError) in try body() })
                })
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    edgebroker_name_thread("capture")
                    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, box.toOpaque())
            if status == 0 {
                pthread_detach(thread)
            } else {
                box.release()
                continuation.resume(
                    returning: .failure(
                        CaptureError(
                            .unreachable, "The system has no thread to give (errno \(status)).",
                            remedy: "Raise the limit of processes and threads (`ulimit -u`, `TasksMax=`).")))
            }
        }
        try result.get()
    }

    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
}
