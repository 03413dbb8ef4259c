import LogStore
import RecordFormat
import Testing

@Suite("The leader epochs of a partition")
struct LeaderEpochsTests {
    /// 1 from 0, 2 from 10, 5 from 30.
    private func epochs() -> LeaderEpochs {
        var epochs = LeaderEpochs()
        for (epoch, start) in [(1, 0), (1, 5), (2, 10), (5, 30), (5, 40)] as [(Int32, Int64)] {
            epochs.note(epoch, at: Offset(start))
        }
        return epochs
    }

    private func lines(_ epochs: LeaderEpochs) -> [String] { epochs.entries.map { "\($0.epoch) \($0.start)" } }

    @Test("are a line each in their file, which reads as it was written")
    func golden() {
        #expect(String(decoding: epochs().encoded, as: UTF8.self) == "0\n3\n1 0\n2 10\n5 30\n")
        #expect(LeaderEpochs(decoding: epochs().encoded) == epochs())
    }

    @Test(
        "are none if the file is not whole or does not rise",
        arguments: [
            "", "0\n1\n1 0", "0\n2\n1 0\n", "1\n1\n1 0\n", "0\n1\n-1 0\n", "0\n1\n1 -1\n", "0\n2\n1 0\n1 5\n",
            "0\n2\n1 5\n2 5\n", "0\n1\n1 0 0\n", "0\n1\n2147483648 0\n",
        ])
    func refused(text: String) {
        #expect(LeaderEpochs(decoding: Array(text.utf8)) == nil)
    }

    @Test("change their file only with the first batch of an epoch")
    func firstBatch() {
        var epochs = epochs()
        // Epoch 6 wrote nothing that was kept.
        let isNew = ([5, 4, -1, 6, 7] as [Int32]).map { epochs.note($0, at: Offset(50)) }
        #expect(isNew == [false, false, false, true, true])
        #expect(lines(epochs) == ["1 0", "2 10", "5 30", "7 50"])
    }

    @Test(
        "of a cut log end with the one before the cut",
        arguments: [(41, 3), (31, 3), (30, 2), (11, 2), (10, 1), (1, 1), (0, 0)] as [(Int64, Int)])
    func truncated(end: Int64, count: Int) {
        var epochs = epochs()
        let changed = epochs.truncate(to: Offset(end))
        #expect(changed == (count < 3))
        #expect(lines(epochs) == Array(lines(self.epochs()).prefix(count)))
    }

    @Test(
        "begin with the log start",
        arguments: [
            (0, ["1 0", "2 10", "5 30"]), (4, ["1 4", "2 10", "5 30"]), (10, ["2 10", "5 30"]),
            (12, ["2 12", "5 30"]), (99, ["5 99"]),
        ] as [(Int64, [String])])
    func advanced(logStart: Int64, expected: [String]) {
        var epochs = epochs()
        let changed = epochs.advance(to: Offset(logStart))
        #expect(changed == (logStart > 0))
        #expect(lines(epochs) == expected)
    }

    @Test(
        "end where the next one that wrote began",
        arguments: [
            (0, "0 0"), (1, "1 10"), (2, "2 30"), (3, "2 30"), (4, "2 30"), (5, "5 44"), (6, nil), (-1, nil),
        ] as [(Int32, String?)])
    func ends(epoch: Int32, expected: String?) {
        #expect(epochs().end(of: epoch, logEnd: Offset(44)).map { "\($0.epoch) \($0.end)" } == expected)
        #expect(LeaderEpochs().end(of: epoch, logEnd: Offset(44)) == nil)
    }
}
