/// The APIs and versions that a broker answers: what it tells clients, what it accepts, and what the documentation says, in one.
package struct OfferedAPIs: Sendable {
    private struct Offer {
        let api: any WireAPI.Type
        let versions: ClosedRange<Int16>
        let advertised: ClosedRange<Int16>
    }

    private let offers: [Int16: Offer]

    /// - Parameter highest: the last version of an API that is not offered up to what its codec can do.
    package init(_ apis: [any WireAPI.Type] = SupportedAPIs.all, upTo highest: [ApiKey: Int16] = [:]) {
        offers = Dictionary(
            uniqueKeysWithValues: apis.map { api in
                let last = min(highest[api.key] ?? .max, api.versions.upperBound)
                precondition(api.versions.contains(last), "\(api.key.name) has no version \(last)")
                return (
                    api.key.rawValue,
                    Offer(
                        api: api, versions: api.versions.lowerBound...last,
                        advertised: api.advertisedVersions.lowerBound...last)
                )
            })
    }

    private var inOrder: [Offer] { offers.values.sorted { $0.api.key.rawValue < $1.api.key.rawValue } }

    /// True if a request of this key and version is answered. If it is not, the connection is to be closed; only a version of
    /// ApiVersions that is not offered has an answer, ``ApiVersions/Response/toUnsupportedVersion``.
    package func contains(_ key: Int16, version: Int16) -> Bool {
        offers[key]?.versions.contains(version) ?? false
    }

    /// What a client is told.
    package var apiVersions: ApiVersions.Response {
        ApiVersions.Response { response in
            response.apiKeys = inOrder.map { offer in
                ApiVersions.Response.Api {
                    $0.apiKey = offer.api.key.rawValue
                    $0.minVersion = offer.advertised.lowerBound
                    $0.maxVersion = offer.advertised.upperBound
                }
            }
        }
    }

    /// The table for the documentation, in Markdown.
    package var table: String {
        let head = "| key | API | versions | first flexible |\n|---:|:--|:--|:--|\n"
        return inOrder.reduce(into: head) { table, offer in
            let versions =
                offer.versions.count == 1
                ? "\(offer.versions.lowerBound)" : "\(offer.versions.lowerBound)–\(offer.versions.upperBound)"
            let flexible = offer.api.firstFlexibleVersion.flatMap { offer.versions.contains($0) ? "\($0)" : nil } ?? "–"
            table += "| \(offer.api.key.rawValue) | \(offer.api.key.name) | \(versions) | \(flexible) |\n"
        }
    }
}

extension ApiVersions.Response {
    /// The answer to a version of ApiVersions that is not offered. It is to be encoded as version 0: the client reads that, and
    /// asks again with a version that it finds in there.
    package static let toUnsupportedVersion: ApiVersions.Response = {
        var response = OfferedAPIs([ApiVersions.self]).apiVersions
        response.errorCode = .unsupportedVersion
        return response
    }()
}
