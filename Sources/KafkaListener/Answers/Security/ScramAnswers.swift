import KafkaWire

/// There are no users until there is authentication.
private let refusal = (code: ErrorCode.securityDisabled, message: "No authentication is configured.")

enum DescribeUserScramCredentialsAnswer: Answering {
    typealias API = DescribeUserScramCredentials

    static func answer(
        _ request: DescribeUserScramCredentials.Request, _ exchange: Exchange<DescribeUserScramCredentials>
    ) {
        exchange.respond { ($0.errorCode, $0.errorMessage) = refusal }
    }
}

enum AlterUserScramCredentialsAnswer: Answering {
    typealias API = AlterUserScramCredentials

    static func answer(
        _ request: AlterUserScramCredentials.Request, _ exchange: Exchange<AlterUserScramCredentials>
    ) {
        let users = Set(request.deletions.map(\.name) + request.upsertions.map(\.name)).sorted()
        exchange.respond { response in
            response.results = users.map { user in
                AlterUserScramCredentials.Response.Result {
                    $0.user = user
                    ($0.errorCode, $0.errorMessage) = refusal
                }
            }
        }
    }
}
