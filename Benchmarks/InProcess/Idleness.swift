import Glibc

/// What a broker costs that nobody uses: `cpu_seconds` of `seconds`.
func measureIdleness(_ options: Options) async throws {
    // What opening and creating leave behind is over after a second.
    try await Task.sleep(for: .seconds(2))
    let figures = Figures()
    try await Task.sleep(for: .seconds(options.idleSeconds))
    figures.report(records: 0, syncs: 0, latencies: [])
}
