import KafkaWire

/// The keys of all APIs that are offered.
let offered: [ApiKey] = SupportedAPIs.all.map { $0.key }
