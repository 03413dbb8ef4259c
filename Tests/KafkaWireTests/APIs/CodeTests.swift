import KafkaWire
import Testing

@Suite("Kafka's codes")
struct CodeTests {
    @Test("for errors have Kafka's numbers, names, and opinion on whether to try again")
    func errorCodes() throws {
        let ours = ErrorCode.allCases.map { "\($0.rawValue) \($0.name)\($0.isRetriable ? " retriable" : "")" }
        #expect(try ours == Golden.lines("errors.txt").map(String.init))
    }

    @Test("for APIs have Kafka's numbers and names")
    func keys() throws {
        let ours = ApiKey.allCases.map { "\($0.rawValue) \($0.name)" }
        #expect(try ours == Golden.lines("keys.txt").map(String.init))
    }
}
