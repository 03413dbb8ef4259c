import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A dump of Kafka's files")
struct KafkaFileDumpTests {
    @Test("shows offsets as they are, and leaves out an entry that is cut")
    func offsetIndex() {
        let listing = KafkaFileDump.offsetIndex([0, 0, 0, 9, 0, 0, 0x10, 1, 0, 0, 0, 20, 0, 1], Offset(100))
        #expect(listing.text(.ndjson) == #"{"last_offset":109,"file_position":4097}"# + "\n")
    }

    @Test("shows numbers with their signs")
    func timeIndex() {
        let bytes: [UInt8] = [UInt8](repeating: 0xFF, count: 8) + [0, 0, 0, 1]
        #expect(
            KafkaFileDump.timeIndex(bytes, Offset(5)).text(.ndjson) == #"{"timestamp":-1,"last_offset":6}"# + "\n")
    }

    @Test("shows a checkpoint sorted, and calls half of one damaged")
    func checkpoint() throws {
        let bytes = Array("0\n2\nb 1 7\na 0 3\n".utf8)
        #expect(
            try KafkaFileDump.offsets(bytes, "x").text(.ndjson)
                == #"{"topic":"a","partition":0,"offset":3}"# + "\n" + #"{"topic":"b","partition":1,"offset":7}"# + "\n"
        )
        let failure = #expect(throws: Failure.self) { try KafkaFileDump.offsets(Array(bytes.dropLast(3)), "x") }
        #expect(failure?.status == .unusableData)
    }
}
