import FlowFile
import Testing

@Suite("A plant's configuration") struct PlantReaderTests {
    @Test("is read, with paths relative to the file")
    func reads() throws {
        let checked = try PlantConfiguration.parse(
            """
            data_dir: data
            site: plant-7
            disk: { budget: 40GB, reserve: 64 MB }
            kafka: { listen: "127.0.0.1:9092", advertise: "plant7:19092", auto_create: false }
            http: { listen: "[::1]:8080" }
            flows: [flows/*.yaml, /srv/x.yaml]
            """, file: "etc/p.yaml", world)
        let plant = checked.value
        #expect(plant.dataDirectory == "etc/data" && plant.site == "plant-7")
        #expect(plant.disk.budget?.bytes == 40_000_000_000 && plant.disk.reserve?.bytes == 64_000_000)
        #expect(plant.kafka?.listen.port == 9092 && plant.kafka?.advertise?.description == "plant7:19092")
        #expect(plant.kafka?.createsTopics == false && plant.kafka?.clampsReplicationFactor == true)
        #expect(plant.http?.description == "[::1]:8080")
        #expect(plant.flows.map(\.path) == ["etc/flows/*.yaml", "/srv/x.yaml"])
        #expect(checked.warnings.map(\.position.line) == [5])
    }

    @Test(
        "with mistakes gets one answer each",
        arguments: [
            ("site: x", "1:1: the plant's configuration needs the key \"data_dir\""),
            (
                "data_dir: d\ndisk: { budget: 4 bananas }",
                "2:17: \"budget\" must be a size such as 40GB, 64 MB or 512MiB, found \"4 bananas\""
            ),
            (
                "data_dir: d\ndisk: { budget: 1MB, reserve: 2MB }",
                "2:1: the disk's budget must be larger than its reserve"
            ),
            ("data_dir: d\ndisk: { budget: 0 }", "2:1: a disk budget of 0 bytes holds nothing"),
            (
                "data_dir: d\nkafka: { listen: 9092 }",
                "2:18: \"listen\" must be HOST:PORT such as 127.0.0.1:9092, found \"9092\""
            ),
            (
                "data_dir: d\nkafka: { listen: \"0.0.0.0:9092\" }",
                "2:18: clients cannot dial \"0.0.0.0\": set \"advertise\" to the HOST:PORT at which they reach this machine"
            ),
            (
                "data_dir: d\nkafka: { listen: \"[::]:9092\", advertise: \"[::]:9092\" }",
                "2:42: clients cannot dial \"::\": set \"advertise\" to the HOST:PORT at which they reach this machine"
            ),
            ("data_dir: d\nkafka: on", "2:8: kafka must be a map of keys and values, found a single value"),
            ("data_dir:", "1:1: \"data_dir\" has no value"),
            ("", "1:1: the file is empty"),
            ("- x", "1:1: the plant's configuration must be a map of keys and values, found a list"),
        ])
    func mistake(_ text: String, _ expected: String) {
        #expect(mistakes(inPlant: text) == ["etc/p.yaml:\(expected)"])
    }
}
