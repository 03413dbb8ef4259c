import Foundation
import FuzzTargets

/// Feeds one format with what libFuzzer makes of its corpus.
///
///     FuzzFormats -format=FORMAT [CORPUS…] [-runs=N] [-max_total_time=SECONDS] …
///     FuzzFormats --list                   the formats and the longest input of each
///     FuzzFormats --write-seeds FOLDER     what the corpora begin with
///
/// There is no `main` here: it is libFuzzer's. It does not know our option and says so, but hands it on to the processes that it
/// starts to make an input smaller.
enum FuzzFormats {
    private static let target = FuzzTarget.all.first { CommandLine.arguments.contains("-format=\($0.name)") }

    /// - Returns: if libFuzzer is to go on.
    static func begin() throws {
        if target != nil { return }
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "--list": for target in FuzzTarget.all { print(target.name, target.longest) }
        case "--write-seeds" where arguments.count == 3: try writeSeeds(into: arguments[2])
        default:
            FileHandle.standardError.write(
                Data("usage: FuzzFormats -format=FORMAT … | --list | --write-seeds FOLDER\n".utf8))
            exit(64)
        }
        exit(0)
    }

    static func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        do throws(BrokenLaw) { try target?.check(Array(bytes)) } catch {
            // A trap is what libFuzzer understands.
            fatalError("A law does not hold: \(error)")
        }
    }

    private static func writeSeeds(into folder: String) throws {
        for target in FuzzTarget.all {
            let corpus = URL(filePath: folder).appending(path: target.name)
            try FileManager.default.createDirectory(at: corpus, withIntermediateDirectories: true)
            for seed in target.seeds() { try Data(seed.bytes).write(to: corpus.appending(path: seed.name)) }
        }
    }
}
