import Synchronization

/// What is counted as it happens, once for each call and never for a record. Metrics are made of it now and then.
final class BrokerCounters: Sendable {
    private let fetches = Atomic<Int>(0)
    private let fetchedRecords = Atomic<Int>(0)

    func noteFetch(of records: Int) {
        fetches.wrappingAdd(1, ordering: .relaxed)
        fetchedRecords.wrappingAdd(records, ordering: .relaxed)
    }

    var counted: (fetches: Int, records: Int) {
        (fetches.load(ordering: .relaxed), fetchedRecords.load(ordering: .relaxed))
    }
}
