/// What the plant's own file says: where the log lives and which flows run.
package struct PlantConfiguration: Sendable, Equatable {
    package let position: SourcePosition
    /// Absolute, or relative to the process.
    package let dataDirectory: String
    package let site: String?
    package let disk: Disk
    /// `nil`: no port is opened for Kafka clients.
    package let kafka: Kafka?
    package let http: ListenAddress?
    package let flows: [FilePattern]

    package struct Disk: Sendable, Equatable {
        /// The most that all topics together may take, 1 byte or more. `nil`: a share of what is free at first.
        package let budget: ByteCount?
        /// Room kept back on the disk for what must go on when it is full. `nil`: the broker's own choice.
        package let reserve: ByteCount?
    }

    package struct Kafka: Sendable, Equatable {
        package let listen: ListenAddress
        /// What clients are told to dial; `nil`: what is listened on.
        package let advertise: ListenAddress?
        /// A topic that a client asks for is made if it is not there.
        package let createsTopics: Bool
        /// A topic that is to have more replicas than there are brokers gets one.
        package let clampsReplicationFactor: Bool
    }

    /// A path in which `*`, `?` and `[…]` may stand for other letters.
    package struct FilePattern: Sendable, Equatable {
        package let path: String
        package let position: SourcePosition
    }
}

/// The plant's file together with every flow it names.
package struct Plant: Sendable, Equatable {
    package let configuration: PlantConfiguration
    package let flows: [Flow]
}
