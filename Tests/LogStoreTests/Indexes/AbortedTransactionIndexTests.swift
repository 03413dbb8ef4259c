import LogStore
import RecordFormat
import Testing

@Suite("The index of aborted transactions")
struct AbortedTransactionIndexTests {
    private func transaction(_ producer: Int64, _ first: Int64, _ last: Int64, stable: Int64) -> AbortedTransaction {
        AbortedTransaction(
            producerID: producer, firstOffset: Offset(first), lastOffset: Offset(last),
            lastStableOffset: Offset(stable))
    }

    private func index(_ transactions: AbortedTransaction...) -> AbortedTransactionIndex {
        var index = AbortedTransactionIndex()
        for transaction in transactions { index.note(transaction) }
        return index
    }

    private func decoded(_ bytes: [UInt8]) -> AbortedTransactionIndex? {
        AbortedTransactionIndex(decoding: bytes, base: Offset(100), nextOffset: Offset(200))
    }

    @Test("has these bytes")
    func golden() {
        let index = index(transaction(7, 100, 110, stable: 105))
        #expect(hex(index.encoded) == "000000000000000000070000000000000064000000000000006e0000000000000069")
        #expect(decoded(index.encoded) == index)
    }

    @Test("is none if it is cut, of a later version, or names what cannot be")
    func refused() {
        let good = index(transaction(7, 90, 110, stable: 105), transaction(8, 95, 120, stable: 121))
        #expect(decoded(good.encoded) == good)
        #expect(decoded(good.encoded.dropLast()) == nil)
        #expect(decoded([0, 1] + good.encoded.dropFirst(2)) == nil)
        for bad in [
            transaction(-1, 90, 110, stable: 105), transaction(7, -1, 110, stable: 105),
            transaction(7, 111, 110, stable: 112), transaction(7, 90, 99, stable: 100),
            transaction(7, 90, 200, stable: 200), transaction(7, 90, 110, stable: 201),
        ] {
            #expect(decoded(index(bad).encoded) == nil)
        }
        let falling = index(transaction(7, 90, 120, stable: 121), transaction(8, 95, 110, stable: 111))
        #expect(decoded(falling.encoded) == nil)
    }

    @Test(
        "finds the transactions with records in a range, and says when later segments can add none",
        arguments: [
            (0, 10, [], true), (0, 11, [1], true), (20, 21, [1], true), (21, 30, [], true), (25, 45, [2], true),
            (15, 50, [1, 2], true), (15, 51, [1, 2], true), (15, 52, [1, 2], false), (51, 60, [], false),
        ] as [(Int64, Int64, [Int64], Bool)])
    func overlapping(from: Int64, to: Int64, producers: [Int64], isComplete: Bool) {
        let index = index(transaction(1, 10, 20, stable: 5), transaction(2, 30, 50, stable: 51))
        let found = index.overlapping(Offset(from)..<Offset(to))
        #expect(found.transactions.map(\.producerID) == producers)
        #expect(found.isComplete == isComplete)
    }
}
