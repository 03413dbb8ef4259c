/// Elements under numbers that stay theirs, in an order that depends on nothing but what was done: a dictionary's order would
/// differ from run to run.
struct Slots<Element: Sendable>: Sendable {
    private var elements: [Element?] = []
    /// The numbers in use, in no useful order.
    private(set) var numbers: [Int] = []
    /// Where each number stands in ``numbers``.
    private var places: [Int] = []

    var count: Int { numbers.count }

    subscript(number: Int) -> Element {
        get {
            guard let element = elements[number] else { preconditionFailure("Slot \(number) is empty") }
            return element
        }
        set { elements[number] = newValue }
    }

    mutating func insert(_ element: Element) -> Int {
        elements.append(element)
        places.append(numbers.count)
        numbers.append(elements.count - 1)
        return elements.count - 1
    }

    mutating func remove(_ number: Int) {
        let place = places[number]
        numbers.swapAt(place, numbers.count - 1)
        numbers.removeLast()
        if place < numbers.count { places[numbers[place]] = place }
        elements[number] = nil
    }

    /// One that `isWanted`, or nil when a few tries found none.
    func random(using random: inout SeededRandom, where isWanted: (Element) -> Bool = { _ in true }) -> Int? {
        guard !numbers.isEmpty else { return nil }
        for _ in 0..<12 {
            let number = random.pick(numbers)
            if isWanted(self[number]) { return number }
        }
        return nil
    }
}
