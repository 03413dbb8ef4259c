import Testing

@testable import DemoPlant

@Suite("Slots")
struct SlotsTests {
    @Test("keep an element's number while others come and go")
    func keepNumbers() {
        var slots = Slots<String>()
        let numbers = ["a", "b", "c", "d"].map { slots.insert($0) }
        slots.remove(numbers[0])
        slots.remove(numbers[3])
        slots[numbers[2]] = "C"
        #expect(slots.insert("e") == 4)
        #expect(slots.numbers.map { slots[$0] }.sorted() == ["C", "b", "e"])
        #expect(slots.count == 3)
    }

    @Test("give at random only what is wanted")
    func pickWanted() {
        var slots = Slots<Int>()
        for element in 0..<10 { _ = slots.insert(element) }
        var random = SeededRandom(seed: 1)
        let picked = (0..<40).compactMap { _ in slots.random(using: &random) { $0 % 2 == 1 } }
        #expect(Set(picked) == [1, 3, 5, 7, 9])
        #expect(slots.random(using: &random) { $0 > 9 } == nil)
    }
}
