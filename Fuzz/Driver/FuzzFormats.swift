import CLibFuzzer
import Foundation
import FuzzTargets

/// Feeds one format with what libFuzzer makes of its corpus.
///
///     FuzzFormats -format=FORMAT [CORPUS…] [-runs=N] [-max_total_time=SECONDS] …
///     FuzzFormats --list                   the formats and the longest input of each
///     FuzzFormats --write-seeds FOLDER     what the corpora begin with
///
/// libFuzzer does not know our option and says so, but hands it on to the processes that it starts to make an input smaller.
@main
enum FuzzFormats {
    private static let target = FuzzTarget.all.first { CommandLine.arguments.contains("-format=\($0.name)") }

    static func main() throws {
        let arguments = CommandLine.arguments
        if target != nil { return run() }
        switch arguments.dropFirst().first {
        case "--list": for target in FuzzTarget.all { print(target.name, target.longest) }
        case "--write-seeds" where arguments.count == 3: try writeSeeds(into: arguments[2])
        default:
            FileHandle.standardError.write(
                Data("usage: FuzzFormats -format=FORMAT … | --list | --write-seeds FOLDER\n".utf8))
            exit(64)
        }
    }

    private static func run() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
                FuzzFormats.feed(UnsafeBufferPointer(start: bytes, count: count))
                return 0
            })
    }

    private static func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
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
