import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Slices of the log")
struct LogSliceTests {
    /// Batches of 1 to 7 records in several closed segments and an active one.
    private struct Written {
        let disk: SimulatedDisk
        let log: LogDirectory
        let orders: Partition
        let end: Offset

        init(seed: UInt64 = 1) throws {
            disk = SimulatedDisk(seed: seed)
            (log, orders) = try Self.open(disk)
            for number in 0..<60 {
                let values = (0...(number % 7)).map { "\(number).\($0) " + String(repeating: "s", count: 60) }
                let outcome = Outcome()
                try log.stage(Append([Append.Batch(batch(values), to: orders)]) { outcome.set($0) })
                log.runCommitRound()
                _ = try outcome.get()
            }
            end = log.highWatermark(of: orders)
        }

        private init(_ disk: SimulatedDisk) throws {
            self.disk = disk
            (log, orders) = try Self.open(disk)
            end = log.highWatermark(of: orders)
        }

        /// The same log, opened by another process: nothing of it is known to be sound.
        func reopened() throws -> Written {
            log.close()
            return try Written(disk.afterKill())
        }

        private static func open(_ disk: SimulatedDisk) throws -> (LogDirectory, Partition) {
            try openOrders(on: disk, clock: SimulatedClock(), segmentBytes: 6000)
        }
    }

    private func batches(_ slice: LogSlice) throws -> [[UInt8]] {
        var bytes = [UInt8](repeating: 0, count: slice.length)
        let count = try bytes.withUnsafeMutableBytes { try slice.file.read(into: $0, at: slice.position) }
        #expect(count == slice.length)
        var batches: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = try rest.withUnsafeBytes { try RecordBatchHeader(decoding: $0).totalSize }
            batches.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return batches
    }

    @Test(
        "hold the batches that a read gives, from every offset, whoever wrote them",
        arguments: [1, 700, 3000, 1 << 20], [true, false])
    func sameAsRead(_ maxBytes: Int, _ isReopened: Bool) throws {
        let written = isReopened ? try Written().reopened() : try Written()
        let whole = try written.log.read(written.orders, from: .zero, upTo: written.end, maxBytes: .max).batches
        for start in stride(from: 0, to: written.end.rawValue, by: 5) {
            var found: [[UInt8]] = []
            var next = Offset(start)
            while next < written.end {
                let slices = try written.log.slices(written.orders, from: next, upTo: written.end, maxBytes: maxBytes)
                let taken = try slices.flatMap(batches)
                try #require(!taken.isEmpty)
                #expect(taken.count == 1 || slices.reduce(0) { $0 + $1.length } <= maxBytes)
                #expect(slices.dropFirst().map(\.baseOffset) == slices.dropLast().map(\.nextOffset))
                found += taken
                next = slices[slices.count - 1].nextOffset
            }
            #expect(found == whole.suffix(found.count))
            let first = try #require(found.first).withUnsafeBytes { try RecordBatchHeader(decoding: $0) }
            #expect(first.baseOffset.rawValue <= start && start < first.nextOffset.rawValue)
        }
    }

    @Test("do not reach above the limit, and are none where the next batch would")
    func limit() throws {
        let written = try Written()
        // Batches of 1, 2 and 3 records.
        let slices = try written.log.slices(written.orders, from: .zero, upTo: Offset(5), maxBytes: .max)
        #expect(slices.map(\.nextOffset) == [Offset(3)])
        #expect(try written.log.slices(written.orders, from: Offset(4), upTo: Offset(5), maxBytes: .max).isEmpty)
        #expect(try written.log.slices(written.orders, from: written.end, upTo: written.end, maxBytes: 1).isEmpty)
    }

    @Test("never hold a batch whose checksum is wrong: they end before it, and then the damage is named")
    func damage() throws {
        for seed in 1...40 {
            let written = try Written(seed: UInt64(seed))
            let whole = try written.log.read(written.orders, from: .zero, upTo: written.end, maxBytes: .max).batches
            // Behind opening, which would find it: what rots later only reading can find.
            let after = try written.reopened()
            try #require(after.disk.rot { $0.hasSuffix(".log") } != nil)
            var found: [[UInt8]] = []
            var isDamaged = false
            var next = Offset.zero
            while next < after.end {
                do {
                    let slices = try after.log.slices(after.orders, from: next, upTo: after.end, maxBytes: 2000)
                    found += try slices.flatMap(batches)
                    guard let last = slices.last else { break }
                    next = last.nextOffset
                } catch let error as LogStoreError {
                    #expect(error.code == .corrupt)
                    isDamaged = true
                    guard let good = error.nextReadable else { break }
                    #expect(good > next)
                    next = good
                }
            }
            #expect(isDamaged)
            #expect(found.count < whole.count && found.allSatisfy(whole.contains))
        }
    }

    @Test("stay readable when their segment is deleted, and what is asked for below the log start is refused")
    func deleted() throws {
        let written = try Written()
        let slice = try #require(
            try written.log.slices(written.orders, from: .zero, upTo: written.end, maxBytes: 3000).first)
        let before = try batches(slice)
        try written.log.deleteRecords(of: written.orders, below: Offset(100))
        #expect(try batches(slice) == before)
        do throws(LogStoreError) {
            _ = try written.log.slices(written.orders, from: .zero, upTo: written.end, maxBytes: 3000)
            Issue.record("Deleted records were found")
        } catch {
            #expect(error.code == .offsetOutOfRange && error.nextReadable == Offset(100))
        }
    }
}
