import KafkaWire
import Testing

@Suite("The APIs that are offered")
struct OfferedAPIsTests {
    @Test("are told to a client in the order of their keys, Produce from version 0 on for librdkafka's sake")
    func offering() throws {
        let response = OfferedAPIs().apiVersions
        #expect(response.apiKeys.map(\.apiKey) == response.apiKeys.map(\.apiKey).sorted())
        #expect(response.apiKeys.count == SupportedAPIs.all.count)
        let produce = try #require(response.apiKeys.first)
        #expect((produce.apiKey, produce.minVersion, produce.maxVersion) == (0, 0, 13))
        for api in SupportedAPIs.all {
            #expect(api.advertisedVersions.clamped(to: api.versions) == api.versions, "\(api.key)")
        }
    }

    @Test("end where the broker says, and hold what is told")
    func limited() throws {
        let offered = OfferedAPIs([Produce.self, Fetch.self], upTo: [.fetch: 11])
        #expect(offered.apiVersions.apiKeys.map(\.maxVersion) == [13, 11])
        #expect(
            offered.contains(1, version: 11) && !offered.contains(1, version: 12) && !offered.contains(3, version: 0))
        // Told for librdkafka's sake, but not answered: no client that is alive sends it.
        #expect(!offered.contains(0, version: 2) && offered.contains(0, version: 3))
    }

    @Test("do not have what is between brokers, telemetry and share groups")
    func notOffered() {
        for key in [ApiKey.getTelemetrySubscriptions, .pushTelemetry, .shareFetch, .vote, .writeTxnMarkers] {
            #expect(!OfferedAPIs().contains(key.rawValue, version: 0))
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
        #expect(OfferedAPIs([OffsetDelete.self, SaslHandshake.self, Produce.self]).table == expected)
    }
}
