import FlowFile
import Foundation
import Testing

@Suite("Configuration files") struct ConfigurationFilesTests {
    /// A folder that is gone after `body`.
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "flow-file-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/flows", withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/" + name)
        }
        try body(folder)
    }

    private static func flow(_ name: String, slot: String, dsn: String = "x", to target: String = "t") -> String {
        """
        flow: \(name)
        source: { postgres: "\(dsn)", slot: \(slot), tables: [a.t] }
        load: { into: { sqlite: mes.db }, tables: [{ from: a.t, to: \(target) }] }
        """
    }

    private func error(_ path: String) -> ConfigurationErrors? {
        do throws(ConfigurationErrors) {
            _ = try ConfigurationFiles.plant(at: path)
            return nil
        } catch {
            return error
        }
    }

    @Test("make a plant with all flows that its patterns name, each once, with secrets from files")
    func plant() throws {
        let files = [
            "p.yaml": "data_dir: d\nflows: [flows/*.yaml, flows/a.yaml]", "dsn": "host=erp\n",
            "flows/a.yaml": Self.flow("a", slot: "a", dsn: "${file:../dsn}"),
            "flows/b.yaml": Self.flow("b", slot: "b", to: "u"), "flows/c.txt": "",
        ]
        try withFolder(files) { folder in
            let plant = try ConfigurationFiles.plant(at: folder + "/p.yaml").value
            #expect(plant.flows.map(\.name) == ["a", "b"])
            #expect(plant.flows.first?.source.postgres.reveal() == "host=erp")
            #expect(try ConfigurationFiles.kind(of: folder + "/p.yaml") == .plant)
            #expect(try ConfigurationFiles.kind(of: folder + "/flows/a.yaml") == .flow)
        }
    }

    @Test("tell the mistakes of all files together, those between flows too")
    func together() throws {
        let files = [
            "p.yaml": "data_dir: d\nflows: [flows/*.yaml, flows/none.yaml]",
            "flows/a.yaml": Self.flow("a", slot: "s"), "flows/b.yaml": Self.flow("a", slot: "s", to: "T"),
            "flows/c.yaml": "flow: c\n",
        ]
        try withFolder(files) { folder in
            let lines = error(folder + "/p.yaml")?.issues.map { $0.description.replacing(folder + "/", with: "") }
            #expect(
                lines == [
                    "p.yaml:2:23: no file flows/none.yaml", "flows/c.yaml:1:1: a flow needs the key \"source\"",
                    "flows/b.yaml:1:1: flow a is also in flows/a.yaml",
                    "flows/b.yaml:2:32: slot s belongs to flow a (flows/a.yaml:2:32); give every flow a slot of its own",
                    "flows/b.yaml:3:61: table \"T\" is already loaded by flow a (flows/a.yaml:3:61); a target table has one source",
                ])
        }
    }

    @Test("refuse a secret that others can read, without showing it")
    func secretMode() throws {
        try withFolder(["p.yaml": "data_dir: ${file:dsn}", "dsn": "s3cret"]) { folder in
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder + "/dsn")
            let message = error(folder + "/p.yaml")?.description ?? ""
            #expect(message.hasSuffix("/dsn: others may read or change this secret's file; run `chmod 600` on it"))
            #expect(!message.contains("s3cret"))
        }
    }

    @Test("that are not there, no text or too large are told apart")
    func unreadable() throws {
        try withFolder(["big.yaml": String(repeating: "#", count: 2 << 20)]) { folder in
            #expect(error(folder + "/none.yaml")?.code == .notFound)
            #expect(
                error(folder + "/flows")?.description.hasSuffix("/flows:1:1: the file cannot be read: it is not a file")
                    == true)
            #expect(error(folder + "/big.yaml")?.description.hasSuffix(": it is larger than 1 MiB") == true)
            try Data([0x61, 0xFF]).write(to: URL(fileURLWithPath: folder + "/latin.yaml"))
            #expect(
                error(folder + "/latin.yaml")?.description.hasSuffix("the file is not UTF-8 text; save it as UTF-8")
                    == true)
        }
    }
}
