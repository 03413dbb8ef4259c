import Testing

@testable import EdgeBrokerCLI

@Suite("A run's figures") struct BenchFiguresTests {
    @Test("are one JSON object that says what was measured")
    func json() {
        var figures = BenchFigures()
        figures.records = 1000
        figures.valueBytes = 100_000
        figures.seconds = 0.5
        figures.cpuSeconds = 0.25
        figures.syncCalls = 7
        figures.latencies = (1...100).map { $0 * 1000 }.reversed()
        #expect(
            figures.json.encoded
                == #"{"records":1000,"seconds":0.500000,"records_per_second":2000.0,"mb_per_second":0.200,"cpu_seconds":0.250000,"sync_calls":7,"p50_us":50.0,"p99_us":99.0}"#
        )
    }

    @Test("of nothing are zero and null, beside the error")
    func nothing() {
        var figures = BenchFigures()
        figures.error = "no room"
        #expect(
            figures.json.encoded.hasSuffix(
                #""mb_per_second":0.000,"cpu_seconds":0.000000,"sync_calls":0,"p50_us":null,"p99_us":null,"error":"no room"}"#
            ))
    }
}
