import EdgeBroker
import KafkaWire

enum DescribeConfigsAnswer: Answering {
    typealias API = DescribeConfigs

    static func answer(_ request: DescribeConfigs.Request, _ exchange: Exchange<DescribeConfigs>) {
        exchange.respond { response in
            response.results = request.resources.map { describe($0, exchange) }
        }
    }

    private static func describe(
        _ resource: DescribeConfigs.Request.Resource, _ exchange: Exchange<DescribeConfigs>
    ) -> DescribeConfigs.Response.Result {
        DescribeConfigs.Response.Result { result in
            result.resourceType = resource.resourceType
            result.resourceName = resource.resourceName
            let configs: [DescribeConfigs.Response.Result.Config]
            switch resource.resourceType {
            case Settings.topic:
                do throws(BrokerError) {
                    configs = try exchange.service.broker.admin.describe(resource.resourceName).settings.map(config)
                } catch {
                    (result.errorCode, result.errorMessage) = (ErrorCode(error), error.description)
                    return
                }
            case Settings.broker:
                guard
                    resource.resourceName.isEmpty || resource.resourceName == "\(exchange.service.configuration.nodeID)"
                else {
                    result.errorCode = .invalidRequest
                    result.errorMessage = "There is no broker \(resource.resourceName)."
                    return
                }
                configs = ListenerSettings.all(exchange.service).map(config)
            default:
                result.errorCode = .invalidRequest
                result.errorMessage = "Resources of type \(resource.resourceType) have no settings here."
                return
            }
            // None named is all, as in Kafka.
            let keys = resource.configurationKeys ?? []
            result.configs = keys.isEmpty ? configs : configs.filter { keys.contains($0.name) }
        }
    }

    private static func config(_ setting: TopicSettingDescription) -> DescribeConfigs.Response.Result.Config {
        DescribeConfigs.Response.Result.Config {
            $0.name = setting.key
            $0.value = setting.value
            $0.readOnly = setting.isFixed
            $0.configSource = setting.isDefault ? Settings.defaultValue : Settings.dynamicTopic
            $0.configType = Settings.type(of: setting.key, value: setting.value)
        }
    }

    private static func config(_ setting: (key: String, value: String)) -> DescribeConfigs.Response.Result.Config {
        DescribeConfigs.Response.Result.Config {
            $0.name = setting.key
            $0.value = setting.value
            $0.readOnly = true
            $0.configSource = Settings.staticBroker
            $0.configType = Settings.type(of: setting.key, value: setting.value)
        }
    }
}

/// The broker's own settings that Kafka's clients look at, under Kafka's names.
enum ListenerSettings {
    static func all(_ service: KafkaService) -> [(key: String, value: String)] {
        let (configuration, endpoint) = (service.configuration, service.advertised)
        let created = configuration.autoCreated
        return [
            ("advertised.listeners", "PLAINTEXT://\(endpoint.host):\(endpoint.port)"),
            ("auto.create.topics.enable", "\(created != nil)"),
            ("broker.id", "\(configuration.nodeID)"),
            ("default.replication.factor", "1"),
            ("group.initial.rebalance.delay.ms", "0"),
            ("listeners", "PLAINTEXT://\(configuration.listen.host):\(endpoint.port)"),
            ("log.message.format.version", "3.0-IV1"),
            ("min.insync.replicas", "1"),
            ("num.partitions", "\((created ?? TopicConfiguration()).partitionCount)"),
            ("offsets.retention.minutes", "-1"),
            ("socket.request.max.bytes", "\(configuration.mostRequestBytes)"),
        ]
    }
}
