import CPlatform
import Glibc

/// A detached thread of the operating system, for calls that block.
package enum PlatformThread {
    /// - Parameter name: at most 15 bytes, shown by `top -H`.
    /// - Throws: what the system says when it has no thread to give; `body` is never called then.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(DiskError) {
        precondition(name.utf8.count <= 15, "Linux cuts thread names after 15 bytes: \(name)")
        let box = Unmanaged.passRetained(Body(name, body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let box = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                edgebroker_name_thread(box.name)
                box.run()
                return nil
            }, box.toOpaque())
        if result != 0 {
            box.release()
            throw DiskError("start thread", name, errno: result)
        }
        pthread_detach(thread)
    }

    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
