import ArgumentParser

/// Numbers of partitions, with commas: `0,1,4`.
struct PartitionNumbers: Equatable, ExpressibleByArgument {
    let numbers: [Int32]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        numbers = parts.compactMap { Int32($0) }.filter { $0 >= 0 }
        if numbers.count != parts.count { return nil }
    }

    func contains(_ number: Int32) -> Bool { numbers.contains(number) }
}
