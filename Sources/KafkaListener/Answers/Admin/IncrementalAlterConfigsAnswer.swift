import EdgeBroker
import KafkaWire

enum IncrementalAlterConfigsAnswer: Answering {
    typealias API = IncrementalAlterConfigs

    /// What becomes of a setting.
    private static let (set, delete): (Int8, Int8) = (0, 1)

    static func answer(_ request: IncrementalAlterConfigs.Request, _ exchange: Exchange<IncrementalAlterConfigs>) {
        let admin = exchange.service.broker.admin
        Task {
            var response = IncrementalAlterConfigs.Response()
            for resource in request.resources {
                var answer = IncrementalAlterConfigs.Response.Resource()
                answer.resourceType = resource.resourceType
                answer.resourceName = resource.resourceName
                if resource.resourceType != Settings.topic {
                    answer.errorCode = .invalidRequest
                    answer.errorMessage = "Only settings of topics can be changed."
                } else if let changes = changes(resource.configs) {
                    do throws(BrokerError) {
                        if request.validateOnly {
                            try admin.checkAlteration(of: resource.resourceName, changes)
                        } else {
                            try await admin.alterTopic(resource.resourceName, changes)
                        }
                    } catch {
                        (answer.errorCode, answer.errorMessage) = (ErrorCode(error), error.description)
                    }
                } else {
                    answer.errorCode = .invalidConfig
                    answer.errorMessage =
                        "A setting is set to null, or added to as a list: set it whole."
                }
                response.responses.append(answer)
            }
            exchange.respond(response)
        }
    }

    /// - Returns: `nil` if one of them is none.
    private static func changes(
        _ configs: [IncrementalAlterConfigs.Request.Resource.Config]
    ) -> [TopicSettingChange]? {
        var changes: [TopicSettingChange] = []
        for config in configs {
            switch (config.configOperation, config.value) {
            case (set, let value?): changes.append(.set(key: config.name, value: value))
            case (delete, _): changes.append(.reset(key: config.name))
            default: return nil
            }
        }
        return changes
    }
}
