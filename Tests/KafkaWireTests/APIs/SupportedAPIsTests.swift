import KafkaWire
import Testing

@Suite("The APIs that are offered")
struct SupportedAPIsTests {
    @Test("are told to a client in the order of their keys, Produce from version 0 on for librdkafka's sake")
    func offering() throws {
        let response = ApiVersions.Response(offering: SupportedAPIs.all)
        #expect(response.apiKeys.map(\.apiKey) == response.apiKeys.map(\.apiKey).sorted())
        #expect(response.apiKeys.count == SupportedAPIs.all.count)
        let produce = try #require(response.apiKeys.first)
        #expect((produce.apiKey, produce.minVersion, produce.maxVersion) == (0, 0, 13))
        for api in SupportedAPIs.all {
            #expect(api.advertisedVersions.clamped(to: api.versions) == api.versions, "\(api.key)")
        }
    }

    @Test("do not have what is between brokers, telemetry and share groups")
    func notOffered() {
        for key in [ApiKey.getTelemetrySubscriptions, .pushTelemetry, .shareFetch, .vote, .writeTxnMarkers] {
            #expect(SupportedAPIs[key.rawValue] == nil)
        }
    }

    @Test("answer a version of ApiVersions that is not offered in version 0, with the versions that are")
    func unsupportedVersion() throws {
        let frame = try ApiVersions.encodeResponse(.toUnsupportedVersion, version: 0, correlationID: 5)
        // Length 16, correlation id 5, error 35, one key: 18, from 0 to 4.
        #expect(hex(frame.bytes) == "00000010" + "00000005" + "0023" + "00000001" + "001200000004")
    }

    @Test("have response headers with tags in flexible versions, but not ApiVersions")
    func responseHeaders() {
        #expect(Metadata.responseHeaderVersion(8) == 0)
        #expect(Metadata.responseHeaderVersion(9) == 1)
        #expect(ApiVersions.responseHeaderVersion(4) == 0)
        #expect(ApiVersions.requestHeaderVersion(4) == 2)
        #expect(SaslHandshake.responseHeaderVersion(1) == 0)
    }

    @Test("make a table for the documentation")
    func table() {
        let expected = """
            | key | API | versions | first flexible |
            |---:|:--|:--|:--|
            | 0 | Produce | 3–13 | 9 |
            | 17 | SaslHandshake | 0–1 | – |
            | 47 | OffsetDelete | 0 | – |

            """
        #expect(compatibilityTable(of: [OffsetDelete.self, SaslHandshake.self, Produce.self]) == expected)
    }
}
