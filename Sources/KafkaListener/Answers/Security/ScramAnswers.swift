import KafkaWire

/// There are no users until there is authentication.
private let refusal = "No authentication is configured."

enum DescribeUserScramCredentialsAnswer: Answering {
    typealias API = DescribeUserScramCredentials

    static func answer(
        _ request: DescribeUserScramCredentials.Request, _ exchange: Exchange<DescribeUserScramCredentials>
    ) {
        exchange.respond(
            DescribeUserScramCredentials.Response(refusing: request, with: .securityDisabled, refusal))
    }
}

enum AlterUserScramCredentialsAnswer: Answering {
    typealias API = AlterUserScramCredentials

    static func answer(
        _ request: AlterUserScramCredentials.Request, _ exchange: Exchange<AlterUserScramCredentials>
    ) {
        exchange.respond(AlterUserScramCredentials.Response(refusing: request, with: .securityDisabled, refusal))
    }
}
