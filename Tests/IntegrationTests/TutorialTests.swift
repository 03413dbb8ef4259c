import Foundation
import Glibc
import PostgresClient
import PrivateCluster
import Testing

@Suite("The tutorial")
struct TutorialTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let article = root + "/Sources/EdgeBroker/EdgeBroker.docc/FromTheERPToTheMES.md"
    private static let example = root + "/Examples/PlantFloor/main.swift"

    @Test("shows the lines of its example, and no others")
    func lines() throws {
        let example = try String(contentsOfFile: Self.example, encoding: .utf8)
        let blocks = try String(contentsOfFile: Self.article, encoding: .utf8).components(separatedBy: "```swift\n")
            .dropFirst().compactMap { $0.components(separatedBy: "```").first }
        #expect(blocks.count >= 5)
        for block in blocks { #expect(example.contains(block), "\(block)") }
    }

    @Test("is right: its example brings the ERP's row into the MES, as it says")
    func runs() throws {
        let cluster = try PrivateCluster()
        let erp = try PostgresConnection(cluster.conninfo())
        try erp.query("create table items (item_no text primary key, uom text, weight numeric(12,3))")
        let folder = NSTemporaryDirectory() + "edgebroker-tutorial-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }

        let (process, output) = (Process(), Pipe())
        // A pipe is not a terminal, where every line comes at once.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/stdbuf")
        let program = URL(fileURLWithPath: ServeProcess.binary).deletingLastPathComponent().path + "/PlantFloor"
        process.arguments = ["-oL", program, cluster.conninfo(), folder]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try erp.query("insert into items values (' A-7 ', 'kg', 12.500)")
        var expected: Set = ["mes   A-7, KG, 12.500\n", #""after":{"item_no":" A-7 ","uom":"kg","weight":"12.500"}}"#]
        var said = ""
        // It runs until it is stopped; one that ends has failed. Either line may be the first.
        while !expected.isEmpty {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            said += String(decoding: more, as: UTF8.self)
            expected = expected.filter { !said.contains($0) }
        }
        #expect(expected.isEmpty, "\(said)")
    }
}
