import Foundation

/// A thread of its own for an actor that makes blocking calls, which Swift's cooperative pool must never wait for.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    // `jobs` and `isStopped` are touched only under `condition`.
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var isStopped = false

    /// - Parameter name: shown by `top -H` and debuggers; Linux keeps 15 bytes of it.
    init(name: String) {
        let thread = Thread {
            // Set from outside, the name does not reach the system.
            Thread.current.name = name
            self.run()
        }
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        precondition(!isStopped, "A job for a thread that has ended")
        jobs.append(job)
        condition.signal()
        condition.unlock()
    }

    /// The thread ends when it has run what was enqueued. Nothing may be enqueued any more.
    func stop() {
        condition.lock()
        isStopped = true
        condition.signal()
        condition.unlock()
    }

    private func run() {
        while true {
            condition.lock()
            while jobs.isEmpty && !isStopped { condition.wait() }
            let next = jobs
            jobs.removeAll(keepingCapacity: true)
            condition.unlock()
            if next.isEmpty { return }
            for job in next { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
