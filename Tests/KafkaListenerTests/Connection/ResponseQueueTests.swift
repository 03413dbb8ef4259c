import Testing

@testable import KafkaListener

@Suite("A connection's responses")
struct ResponseQueueTests {
    // A mutating call cannot stand in an expectation.
    private func answer(
        _ number: Int, _ response: String?, _ queue: inout ResponseQueue<String>
    ) -> [String] { queue.answer(number, response) }

    @Test("go out in the order of the requests, whichever is known first")
    func order() {
        var queue = ResponseQueue<String>()
        let numbers = (0..<4).map { _ in queue.begin() }
        #expect(answer(numbers[2], "c", &queue).isEmpty)
        #expect(answer(numbers[1], "b", &queue).isEmpty)
        #expect(queue.isWaiting(numbers[0]) && !queue.isWaiting(numbers[1]))
        #expect(answer(numbers[0], "a", &queue) == ["a", "b", "c"])
        #expect(queue.count == 1)
        #expect(answer(numbers[3], "d", &queue) == ["d"])
        #expect(queue.count == 0 && !queue.isWaiting(numbers[3]))
    }

    @Test("are none for a request that wants none, which holds up nobody")
    func skipping() {
        var queue = ResponseQueue<String>()
        let (first, second) = (queue.begin(), queue.begin())
        #expect(answer(second, "b", &queue).isEmpty)
        #expect(answer(first, nil, &queue) == ["b"])
        let third = queue.begin()
        #expect(answer(third, nil, &queue).isEmpty && queue.count == 0)
    }
}
