/// Who appends what: N records over C producers, each in appends of K records.
struct BenchPlan: Equatable {
    let records: Int
    let producers: Int
    let batchRecords: Int
    let partitions: Int

    /// Sizes of one producer's appends. Each but the last is full; the producers' sums differ by at most one record.
    func appends(of producer: Int) -> [Int] {
        let share = records / producers + (producer < records % producers ? 1 : 0)
        let full = [Int](repeating: batchRecords, count: share / batchRecords)
        return share % batchRecords == 0 ? full : full + [share % batchRecords]
    }

    /// Round robin per append, each producer beginning at another partition.
    func partition(of append: Int, by producer: Int) -> Int32 { Int32((producer + append) % partitions) }
}
