import EdgeBrokerTesting
import LogStore
import Testing

@Suite("The file that remembers the disk budget")
struct DiskBudgetFileTests {
    private let budget = DiskBudget(bytes: 40_000_000_000, reserve: 64_000_000)

    @Test("has these bytes, and comes back from them whole or not at all")
    func bytes() {
        let text = "version=1\nbudget.bytes=40000000000\nreserve.bytes=64000000\n"
        let encoded = DiskBudgetFile.encoded(budget)
        #expect(String(decoding: encoded, as: UTF8.self) == text)
        #expect(DiskBudgetFile.decode(encoded) == budget)
        for count in 0..<encoded.count { #expect(DiskBudgetFile.decode(Array(encoded[..<count])) == nil) }
    }

    @Test(
        "is not believed when it says what cannot be",
        arguments: [
            "version=2\nbudget.bytes=1\nreserve.bytes=1\n", "version=1\nbudget.bytes=0\nreserve.bytes=1\n",
            "version=1\nbudget.bytes=1\nreserve.bytes=-1\n",
            "version=1\nbudget.bytes=9999999999999999999\nreserve.bytes=1\n",
            "version=1\nreserve.bytes=1\nbudget.bytes=1\n", "",
        ])
    func lies(text: String) {
        #expect(DiskBudgetFile.decode(Array(text.utf8)) == nil)
    }

    @Test("survives a power cut")
    func durable() throws {
        let disk = SimulatedDisk(seed: 3)
        try disk.createDirectory("/d")
        try disk.syncDirectory("/")
        #expect(DiskBudgetFile.read(in: "/d", on: disk) == nil)
        try DiskBudgetFile.write(budget, in: "/d", on: disk)
        for _ in 0..<20 { #expect(DiskBudgetFile.read(in: "/d", on: disk.afterPowerCut()) == budget) }
    }
}
