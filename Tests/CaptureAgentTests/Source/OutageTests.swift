import CaptureAgent
import ChangeEvents
import EdgeBroker
import PrivateCluster
import RecordFormat
import Testing

@Suite("Capture through an outage of the source", .serialized)
struct OutageTests {
    @Test(
        "neither loses nor repeats a change, and does not keep the server from stopping",
        arguments: [PrivateCluster.StopMode.fast, .immediate])
    func survivesRestarts(mode: PrivateCluster.StopMode) async throws {
        let cluster = try await blocking { try PrivateCluster() }
        try await CapturePlant.with(cluster, setUp: "CREATE TABLE items (id int PRIMARY KEY, t text)") { plant in
            try await plant.capturing(["public.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                var expected: [String] = []
                for round in 0..<3 {
                    for number in 0..<10 {
                        try await plant.sql("INSERT INTO items VALUES (\(round * 10 + number), 'x')")
                        expected.append("c items:  → id=\(round * 10 + number) t=x")
                    }
                    try await blocking { try cluster.stop(mode) }
                    try await blocking { try cluster.start() }
                }
                for line in expected { #expect(try await index.lines() == [line]) }
            }
        }
    }
}
