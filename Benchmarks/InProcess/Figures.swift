import Glibc

/// What one run took, printed as the last line: one JSON object, as `bench write` and the C limits print it.
struct Figures {
    private let began = seconds(CLOCK_MONOTONIC)
    private let beganCPU = seconds(CLOCK_PROCESS_CPUTIME_ID)

    static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// - Parameter latencies: of single records, in seconds, in any order.
    func report(records: Int, syncs: Int, latencies: [Double]) {
        let seconds = Self.seconds(CLOCK_MONOTONIC) - began
        let cpu = Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - beganCPU
        let sorted = latencies.sorted()
        func microseconds(_ share: Double) -> Int {
            sorted.isEmpty ? 0 : Int(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 1e6)
        }
        print(
            "{\"records\":\(records),\"seconds\":\(seconds),\"cpu_seconds\":\(cpu),\"sync_calls\":\(syncs),"
                + "\"p50_us\":\(microseconds(0.5)),\"p99_us\":\(microseconds(0.99)),\"resident_kb\":\(residentKilobytes())}")
    }

    /// Now, not at its most: what opening and creating took besides may have been given back.
    private func residentKilobytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 256)
        guard fgets(&text, Int32(text.count), file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        return (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) / 1024
    }
}
