import KafkaWire

/// There are no ACLs until there is an authorizer; the consoles of Kafka's world know this answer.
private let refusal = "No authorizer is configured."

enum DescribeAclsAnswer: Answering {
    typealias API = DescribeAcls

    static func answer(_ request: DescribeAcls.Request, _ exchange: Exchange<DescribeAcls>) {
        exchange.respond(DescribeAcls.Response(refusing: request, with: .securityDisabled, refusal))
    }
}

enum CreateAclsAnswer: Answering {
    typealias API = CreateAcls

    static func answer(_ request: CreateAcls.Request, _ exchange: Exchange<CreateAcls>) {
        exchange.respond(CreateAcls.Response(refusing: request, with: .securityDisabled, refusal))
    }
}

enum DeleteAclsAnswer: Answering {
    typealias API = DeleteAcls

    static func answer(_ request: DeleteAcls.Request, _ exchange: Exchange<DeleteAcls>) {
        exchange.respond(DeleteAcls.Response(refusing: request, with: .securityDisabled, refusal))
    }
}
