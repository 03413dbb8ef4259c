import KafkaWire

/// There are no ACLs until there is an authorizer; the consoles of Kafka's world know this answer.
private let refusal = (code: ErrorCode.securityDisabled, message: "No authorizer is configured.")

enum DescribeAclsAnswer: Answering {
    typealias API = DescribeAcls

    static func answer(_ request: DescribeAcls.Request, _ exchange: Exchange<DescribeAcls>) {
        exchange.respond { ($0.errorCode, $0.errorMessage) = refusal }
    }
}

enum CreateAclsAnswer: Answering {
    typealias API = CreateAcls

    static func answer(_ request: CreateAcls.Request, _ exchange: Exchange<CreateAcls>) {
        exchange.respond { response in
            response.results = request.creations.map { _ in
                CreateAcls.Response.Result { ($0.errorCode, $0.errorMessage) = refusal }
            }
        }
    }
}

enum DeleteAclsAnswer: Answering {
    typealias API = DeleteAcls

    static func answer(_ request: DeleteAcls.Request, _ exchange: Exchange<DeleteAcls>) {
        exchange.respond { response in
            response.filterResults = request.filters.map { _ in
                DeleteAcls.Response.FilterResult { ($0.errorCode, $0.errorMessage) = refusal }
            }
        }
    }
}
