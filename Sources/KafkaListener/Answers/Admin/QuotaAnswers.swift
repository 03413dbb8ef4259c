import KafkaWire

/// There are no quotas yet: nobody has one.
enum DescribeClientQuotasAnswer: Answering {
    typealias API = DescribeClientQuotas

    static func answer(_ request: DescribeClientQuotas.Request, _ exchange: Exchange<DescribeClientQuotas>) {
        exchange.respond { $0.entries = [] }
    }
}

enum AlterClientQuotasAnswer: Answering {
    typealias API = AlterClientQuotas

    static func answer(_ request: AlterClientQuotas.Request, _ exchange: Exchange<AlterClientQuotas>) {
        exchange.respond { response in
            response.entries = request.entries.map { entry in
                AlterClientQuotas.Response.Entry {
                    $0.errorCode = .unsupportedVersion
                    $0.errorMessage = "There are no client quotas yet."
                    $0.entity = entry.entity
                }
            }
        }
    }
}
