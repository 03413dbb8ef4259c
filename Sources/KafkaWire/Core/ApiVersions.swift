/// Tells which APIs and versions there are: the first request on a connection.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | enables flexible versions, though not in the response's header; the client's software; features |
/// | 4 | features whose smallest version is 0 |
package enum ApiVersions: WireAPI {
    package static let key = ApiKey.apiVersions
    package static let versions: ClosedRange<Int16> = 0...4
    package static let firstFlexibleVersion: Int16? = 3
    /// The client cannot know yet what the broker understands.
    package static let responseHeaderMayBeFlexible = false
}

extension ApiVersions {
    package struct Request: WireStruct {
        package var clientSoftwareName: String = ""
        package var clientSoftwareVersion: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&clientSoftwareName, from: 3)
            try wire.field(&clientSoftwareVersion, from: 3)
            try wire.tags()
        }
    }
}

extension ApiVersions {
    package struct Response: WireStruct {
        package var errorCode: ErrorCode = .none
        package var apiKeys: [Api] = []
        package var throttleTimeMs: Int32 = 0
        package var supportedFeatures: [SupportedFeature] = []
        /// -1: unknown.
        package var finalizedFeaturesEpoch: Int64 = -1
        package var finalizedFeatures: [FinalizedFeature] = []
        package var zkMigrationReady: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&apiKeys)
            try wire.field(&throttleTimeMs, from: 1)
            var tags = try wire.beginTags()
            try wire.tag(0, &supportedFeatures, in: &tags)
            try wire.tag(1, &finalizedFeaturesEpoch, default: -1, in: &tags)
            try wire.tag(2, &finalizedFeatures, in: &tags)
            try wire.tag(3, &zkMigrationReady, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension ApiVersions.Response {
    package struct Api: WireStruct {
        package var apiKey: Int16 = 0
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&apiKey)
            try wire.field(&minVersion)
            try wire.field(&maxVersion)
            try wire.tags()
        }
    }
}

extension ApiVersions.Response {
    package struct SupportedFeature: WireStruct {
        package var name: String = ""
        package var minVersion: Int16 = 0
        package var maxVersion: Int16 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&minVersion)
            try wire.field(&maxVersion)
            try wire.tags()
        }
    }
}

extension ApiVersions.Response {
    package struct FinalizedFeature: WireStruct {
        package var name: String = ""
        package var maxVersionLevel: Int16 = 0
        package var minVersionLevel: Int16 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&maxVersionLevel)
            try wire.field(&minVersionLevel)
            try wire.tags()
        }
    }
}
