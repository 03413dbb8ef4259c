// The broker as a library, measured in one process. `make bench-broker` holds it against C limits in the same run.
//
//   InProcess send    DIR --records N --senders S --partitions P --durability synced|buffered   each sender awaits each record
//   InProcess fanout  DIR --records N --partitions P --durability synced|buffered               1 producer of 256 tasks, 4 consumers
//   InProcess latency DIR --records N --rate R --durability synced|buffered                     send → a consumer has it
//   InProcess idle    DIR --partitions P --idle-seconds T                                       CPU of a broker that does nothing
//
// synced: fsync. buffered: none within the run.
import EdgeBroker
import Glibc
import LogStore
import Logging
import RecordFormat

struct Options {
    var records = 100_000
    var senders = 256
    var partitions = 1
    var rate = 1000
    var idleSeconds = 60
    var durability = Durability.synced

    init(_ arguments: ArraySlice<String>) throws {
        var arguments = arguments
        while let name = arguments.popFirst() {
            guard let text = arguments.popFirst() else { throw UsageError(name) }
            if name == "--durability" {
                durability = text == "buffered" ? .buffered(syncEvery: .seconds(3600)) : .synced
                continue
            }
            guard let value = Int(text), value > 0 else { throw UsageError(name) }
            switch name {
            case "--records": records = value
            case "--senders": senders = value
            case "--partitions": partitions = value
            case "--rate": rate = value
            case "--idle-seconds": idleSeconds = value
            default: throw UsageError(name)
            }
        }
    }
}

struct UsageError: Error {
    let option: String
    init(_ option: String) { self.option = option }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { throw UsageError("usage: InProcess send|fanout|latency|idle DIR …") }
let options = try Options(arguments[3...])
let disk = CountingDisk(PosixDisk())
let broker = try await Broker.open(
    BrokerConfiguration(dataDirectory: arguments[2]), disk: disk,
    logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
try await broker.admin.createTopic(
    "bench", TopicConfiguration(partitionCount: Int32(options.partitions), durability: options.durability))
switch arguments[1] {
case "send": try await measureSending(broker, disk, options)
case "fanout": try await measureFanout(broker, disk, options)
case "latency": try await measureLatency(broker, disk, options)
case "idle": try await measureIdleness(options)
default: throw UsageError(arguments[1])
}
await broker.close()
