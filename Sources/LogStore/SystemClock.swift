import Glibc
import RecordFormat

extension LogClock {
    /// The machine's clocks.
    package static let system = LogClock(
        monotonic: {
            var now = timespec()
            // BOOTTIME, so that a plant server that slept does not think that no time has passed.
            clock_gettime(CLOCK_BOOTTIME, &now)
            return .seconds(Int64(now.tv_sec)) + .nanoseconds(Int64(now.tv_nsec))
        },
        wall: {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return Timestamp(millisecondsSince1970: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
        })
}
