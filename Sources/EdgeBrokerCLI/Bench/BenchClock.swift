import Glibc

/// The two clocks of a measurement, in nanoseconds.
enum BenchClock {
    static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }
    /// Processor time of all threads of this process.
    static func cpu() -> Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
