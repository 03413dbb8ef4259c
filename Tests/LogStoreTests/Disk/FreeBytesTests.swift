import EdgeBrokerTesting
import Foundation
import LogStore
import Testing

@Suite("The free bytes of a disk")
struct FreeBytesTests {
    @Test("are some on a real disk, and an error where there is no folder")
    func real() throws {
        #expect(try PosixDisk().freeBytes(at: NSTemporaryDirectory()) > 0)
        let absent = #expect(throws: DiskError.self) { try PosixDisk().freeBytes(at: "/nowhere/at all") }
        #expect(absent?.errno == ENOENT)
    }

    @Test("of a simulated one become less with what is written")
    func simulated() throws {
        let disk = SimulatedDisk(seed: 1)
        disk.capacity = 1000
        #expect(try disk.freeBytes(at: "/") == 1000)
        let file = try disk.open("/f", .createEmpty)
        _ = try [UInt8](repeating: 1, count: 300).withUnsafeBytes { try file.write($0, at: 0) }
        #expect(try disk.freeBytes(at: "/") == 700)
        disk.capacity = 200
        #expect(try disk.freeBytes(at: "/") == 0)
    }
}
