import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A window of time") struct ReadingWindowTests {
    private func admitted(_ window: ReadingWindow, _ times: [Int64]) -> [Int64] {
        var window = window
        return times.filter { window.admits(Timestamp(millisecondsSince1970: $0)) }
    }

    private func at(_ time: Int64) -> Timestamp { Timestamp(millisecondsSince1970: time) }

    @Test("admits everything from the first record on that is not older")
    func begins() { #expect(admitted(ReadingWindow(notBefore: at(5)), [1, 4, 5, 2, 9]) == [5, 2, 9]) }

    @Test("ends before the first record that is not earlier than its end")
    func ends() {
        #expect(admitted(ReadingWindow(until: at(5)), [1, 4, 5, 2]) == [1, 4])
        #expect(admitted(ReadingWindow(notBefore: at(2), until: at(5)), [1, 3, 2, 6, 3]) == [3, 2])
        #expect(admitted(ReadingWindow(), [3, 1, 2]) == [3, 1, 2])
    }
}
