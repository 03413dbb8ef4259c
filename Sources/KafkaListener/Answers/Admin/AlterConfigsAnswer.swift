import EdgeBroker
import KafkaWire

/// Replaces all settings of a topic: what is not named goes back to its default.
enum AlterConfigsAnswer: Answering {
    typealias API = AlterConfigs

    static func answer(_ request: AlterConfigs.Request, _ exchange: Exchange<AlterConfigs>) {
        let admin = exchange.service.broker.admin
        Task {
            var response = AlterConfigs.Response()
            for resource in request.resources {
                var answer = AlterConfigs.Response.Resource()
                answer.resourceType = resource.resourceType
                answer.resourceName = resource.resourceName
                if resource.resourceType == Settings.topic {
                    do throws(BrokerError) {
                        let named = resource.configs.compactMap { one in one.value.map { (one.name, $0) } }
                        let resets = try admin.describe(resource.resourceName).settings
                            .filter { setting in
                                !setting.isDefault && !setting.isFixed && !named.contains { $0.0 == setting.key }
                            }
                            .map { TopicSettingChange.reset(key: $0.key) }
                        let changes = resets + named.map { TopicSettingChange.set(key: $0.0, value: $0.1) }
                        if request.validateOnly {
                            try admin.checkAlteration(of: resource.resourceName, changes)
                        } else {
                            try await admin.alterTopic(resource.resourceName, changes)
                        }
                    } catch {
                        (answer.errorCode, answer.errorMessage) = (ErrorCode(error), error.description)
                    }
                } else {
                    answer.errorCode = .invalidRequest
                    answer.errorMessage = "Only settings of topics can be changed."
                }
                response.responses.append(answer)
            }
            exchange.respond(response)
        }
    }
}
