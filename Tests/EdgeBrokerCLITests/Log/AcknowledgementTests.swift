import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("An acknowledgement") struct AcknowledgementTests {
    @Test("is read as it is printed", arguments: ["ACK erp.items 0 17 00ab12cd", "ACK t 9 0 -"])
    func reads(_ line: String) { #expect(Acknowledgement(line)?.line == line) }

    @Test(
        "that is not whole is none",
        arguments: [
            "", "ACK", "ACK t 0 1", "ACK t 0 1 ", "ACK t 0 1 00ab12c", "ACK t 0 1 00AB12CD", "ACK t 0 1 00ab12cd x",
            "ACK t -1 1 -",
            "ACK t 0 -1 -", "ACK  0 1 -", "ack t 0 1 -", "ACK t 0 1 +0ab12cd", "ACK t 0 99999999999999999999 -",
        ])
    func refuses(_ line: String) { #expect(Acknowledgement(line) == nil) }
}

@Suite("Acknowledgements held against a log") struct AcknowledgementCheckTests {
    private let partition = TopicPartition(topic: "t", partition: 0)

    @Test("tell what is missing, what is different, and what damage explains")
    func losses() {
        var check = AcknowledgementCheck()
        for offset in Int64(0)..<5 { check.expect(Acknowledgement(partition, offset, checksum: offset == 1 ? nil : 7)) }
        check.found(0, in: partition, checksum: 7)
        check.found(1, in: partition, checksum: nil)
        check.found(2, in: partition, checksum: 8)
        check.found(99, in: partition, checksum: 1)
        let losses = check.losses(below: [:]) { $0.acknowledgement.offset == 3 }
        #expect(losses.map(\.acknowledgement.offset) == [2, 3, 4])
        #expect(losses.map(\.isDifferent) == [true, false, false])
        #expect(losses.map(\.isExplained) == [false, true, false])
    }

    @Test("take what is below the log start for deleted, unless the log has it otherwise")
    func deleted() {
        var check = AcknowledgementCheck()
        let other = TopicPartition(topic: "t", partition: 1)
        for offset in Int64(0)..<4 { check.expect(Acknowledgement(partition, offset, checksum: 7)) }
        check.expect(Acknowledgement(other, 0, checksum: 7))
        check.found(1, in: partition, checksum: 8)
        let starts = [partition: Offset(3)]
        let losses = check.losses(below: starts) { _ in false }
        #expect(losses.map(\.acknowledgement.offset) == [1, 3, 0])
        #expect(check.deleted(below: starts) == 2)
    }

    @Test("find an offset that was given out twice")
    func reused() {
        var check = AcknowledgementCheck()
        for checksum: UInt32 in [1, 2, 2] { check.expect(Acknowledgement(partition, 5, checksum: checksum)) }
        check.found(5, in: partition, checksum: 2)
        #expect(check.losses(below: [:]) { _ in false }.map(\.acknowledgement.checksum) == [1])
    }
}
