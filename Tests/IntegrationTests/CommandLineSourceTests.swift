import Foundation
import PrivateCluster
import Testing

@Suite("A flow whose source or mapping is wrong", .serialized) struct CommandLineSourceTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        var replacements: [String: String] = [:]
        var user = "postgres"
        var password = CommandLineSource.password
        /// Of `flow check` and of `serve`.
        let status: (check: Int32, serve: Int32)
        let words: [String]

        var testDescription: String { words.joined(separator: ", ") }
    }

    static let wrongs = [
        Wrong(password: "wrong-secret", status: (77, 77), words: ["password"]),
        Wrong(
            replacements: ["[erp.items]": "[erp.items, erp.itms]"], status: (78, 78),
            words: ["erp.itms", "did you mean erp.items"]),
        Wrong(
            replacements: ["[erp.items]": "[erp.items, erp.loose]"], status: (78, 78),
            words: ["erp.loose", "REPLICA IDENTITY"]),
        Wrong(user: "reader", password: "reader", status: (77, 77), words: ["replicat"]),
        Wrong(replacements: ["SLOT": "taken"], status: (0, 65), words: ["taken"]),
        Wrong(replacements: ["upper(uom)": "upper(uomm)"], status: (78, 78), words: ["uomm", "Did you mean uom?"]),
        Wrong(replacements: ["upper(uom)": "now()"], status: (78, 78), words: ["now", "commit_ts()"]),
    ]

    @Test("is refused by check and by serve in one line, with no password in it", arguments: wrongs)
    func refused(_ wrong: Wrong) async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            try source.write(source.flow(wrong.replacements), in: folder)
            let environment = source.environment(user: wrong.user, password: wrong.password)
            for (arguments, status) in [
                (["flow", "check", "f.yaml"], wrong.status.check),
                (["serve", "--config", "p.yaml"], wrong.status.serve),
            ] {
                let paths = arguments.dropLast() + ["\(folder)/\(arguments[arguments.count - 1])"]
                let outcome = try await binary.run(Array(paths), environment: environment, in: folder)
                #expect(outcome.status == status, "\(arguments): \(outcome.talk)")
                #expect(!outcome.talk.contains(wrong.password) && !outcome.output.contains(wrong.password))
                if status == 0 { continue }
                let lines = outcome.talk.split(separator: "\n").filter { line in
                    wrong.words.allSatisfy { line.contains($0) }
                }
                #expect(lines.count == 1, "\(arguments): \(outcome.talk)")
            }
        }
    }

    @Test("is told the line of each of its mistakes by check")
    func lines() async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            let flow = source.flow([
                "plant = 'P01'": "plan = 'P01'", "trim(item_no)": "trimm(item_no)", "upper(uom)": "uom uom",
            ])
            try source.write(flow, in: folder)
            let outcome = try await binary.run(
                ["flow", "check", folder + "/f.yaml"], environment: source.environment(), in: folder)
            #expect(outcome.status == 78 && outcome.output.isEmpty)
            let places = outcome.talk.split(separator: "\n").filter { $0.hasPrefix(folder) }
                .map { $0.dropFirst(folder.count).prefix { $0 != " " } }
            #expect(Set(places) == ["/f.yaml:11:14:", "/f.yaml:13:22:", "/f.yaml:14:19:"])
        }
    }

    @Test(
        "that does not answer is checked as far as that goes",
        arguments: [("upper(uom)", 0), ("uper(uom)", 78)] as [(String, Int32)])
    func unreachable(_ expression: String, _ status: Int32) async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            try source.write(source.flow(["upper(uom)": expression]), in: folder)
            let outcome = try await binary.run(
                ["flow", "check", folder + "/p.yaml"], environment: ["ERP_DSN": "host=\(folder) dbname=erp"], in: folder
            )
            #expect(outcome.status == status, "\(outcome.talk)")
            #expect(outcome.talk.contains("not checked: the source's settings, rights, tables and columns: "))
        }
    }

    @Test("is found good if it is")
    func good() async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            try source.write(source.flow(), in: folder)
            for file in ["f.yaml", "p.yaml"] {
                let outcome = try await binary.run(
                    ["flow", "check", "\(folder)/\(file)"], environment: source.environment(), in: folder)
                #expect(outcome.status == 0, "\(outcome.talk)")
                #expect(outcome.output.hasSuffix("f.yaml: good: flow f, tables: 1 captured, 1 loaded\n"))
            }
        }
    }

    @Test("runs under serve until it is stopped, the second time from where it was")
    func served() async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            try source.write(source.flow(), in: folder)
            for _ in 0..<2 {
                let served = try ServedCommand(binary, folder, environment: source.environment())
                await served.waitUntilReady()
                try await source.waitUntilLoaded(folder + "/mes.db")
                #expect(await served.stop(SIGTERM) == 0)
            }
            let records = try await binary.run(
                ["topic", "consume", "erp.items", "--exit-at-end", "-o", "ndjson", "--data-dir", folder + "/log"],
                in: folder)
            #expect(records.objects.count == 2)
        }
    }

    @Test("needs a server that tells logical changes")
    func walLevel() async throws {
        let source = try CommandLineSource.shared.get()
        try await withCommandLine { binary, folder in
            try source.write(source.flow(), in: folder)
            var options = ClusterOptions()
            options.walLevel = .replica
            let cluster = try PrivateCluster(options)
            for arguments in [["flow", "check", folder + "/f.yaml"], ["serve", "--config", folder + "/p.yaml"]] {
                let outcome = try await binary.run(arguments, environment: ["ERP_DSN": cluster.conninfo()], in: folder)
                #expect(outcome.status == 78 && outcome.talk.contains("wal_level"), "\(outcome.talk)")
            }
        }
    }
}
