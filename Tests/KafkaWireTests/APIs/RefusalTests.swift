import KafkaWire
import Testing

@Suite("A request about security that is refused")
struct RefusalTests {
    private let message = "There is no security."

    @Test("has as many answers as parts")
    func parts() {
        let create = CreateAcls.Request { $0.creations = [.init(), .init()] }
        let created = CreateAcls.Response(refusing: create, with: .securityDisabled, message).results
        #expect(created.map(\.errorCode) == [.securityDisabled, .securityDisabled])
        let delete = DeleteAcls.Request { $0.filters = [.init()] }
        let deleted = DeleteAcls.Response(refusing: delete, with: .securityDisabled, message).filterResults
        #expect(deleted.map(\.errorMessage) == [message])
    }

    @Test("has an answer for each user")
    func users() {
        let request = AlterUserScramCredentials.Request { request in
            request.deletions = ["b", "a"].map { name in .init { $0.name = name } }
            request.upsertions = ["b"].map { name in .init { $0.name = name } }
        }
        let results = AlterUserScramCredentials.Response(refusing: request, with: .securityDisabled, message).results
        #expect(results.map(\.user) == ["a", "b"])
    }

    @Test("has one answer where there is one for the whole")
    func whole() {
        #expect(DescribeAcls.Response(refusing: .init(), with: .securityDisabled, message).errorCode.rawValue == 54)
        let scram = DescribeUserScramCredentials.Response(refusing: .init(), with: .securityDisabled, message)
        #expect(scram.errorMessage == message)
    }
}
