extension PlantConfiguration {
    /// Reads the text of the plant's file. The flows it names are not read here.
    package static func parse(
        _ text: String, file: String, _ surroundings: Surroundings
    ) throws(ConfigurationErrors) -> Checked<PlantConfiguration> {
        let diagnostics = Diagnostics()
        guard let root = YAMLDocument.read(text, file: file, diagnostics) else { return try diagnostics.outcome(nil) }
        let interpolation = Interpolation(surroundings: surroundings, file: file, diagnostics: diagnostics)
        let reader = PlantReader(file: file, diagnostics: diagnostics, interpolation: interpolation)
        return try diagnostics.outcome(reader.plant(root))
    }
}

/// Reads the plant's configuration from its nodes.
struct PlantReader {
    let file: String
    let diagnostics: Diagnostics
    let interpolation: Interpolation

    func plant(_ root: YAMLNode) -> PlantConfiguration? {
        guard let section = Section(root, Schema.plant, diagnostics) else { return nil }
        let dataDirectory = section.text("data_dir").flatMap(path)
        let site = section.text("site").flatMap(interpolation.value)
        let disk = section.section("disk", Schema.disk)
        let kafka = section.section("kafka", Schema.kafka).flatMap(kafka)
        let http = section.section("http", Schema.listener).flatMap { address("listen", $0)?.value }
        let flows = section.texts("flows")?.compactMap { text in
            path(text).map { FilePattern(path: $0, position: text.position) }
        }
        let limits = Disk(budget: disk?.size("budget"), reserve: disk?.size("reserve"))
        if let budget = limits.budget, let reserve = limits.reserve, budget.bytes > 0, budget.bytes <= reserve.bytes,
            let disk
        {
            diagnostics.error(disk.position, "the disk's budget must be larger than its reserve")
        }
        if limits.budget?.bytes == 0, let disk {
            diagnostics.error(disk.position, "a disk budget of 0 bytes holds nothing")
        }
        guard let dataDirectory else { return nil }
        return PlantConfiguration(
            position: section.position, dataDirectory: dataDirectory, site: site, disk: limits, kafka: kafka,
            http: http,
            flows: flows ?? [])
    }

    private typealias Disk = PlantConfiguration.Disk
    private typealias FilePattern = PlantConfiguration.FilePattern

    private func path(_ text: Section.Text) -> String? {
        guard let path = interpolation.value(of: text) else { return nil }
        guard !path.isEmpty, !path.utf8.contains(0) else {
            diagnostics.error(text.position, "a path is empty")
            return nil
        }
        return FilePath.resolve(path, besides: file)
    }

    private func kafka(_ section: Section) -> PlantConfiguration.Kafka? {
        let advertise = address("advertise", section)
        let autoCreate = section.boolean("auto_create") ?? true
        let clamps = section.boolean("clamp_replication_factor") ?? true
        return address("listen", section).map { listen in
            // What is advertised and malformed has its own complaint.
            if advertise == nil, !section.has("advertise") { expectDialable(listen) }
            if let advertise { expectDialable(advertise) }
            return PlantConfiguration.Kafka(
                listen: listen.value, advertise: advertise?.value, createsTopics: autoCreate,
                clampsReplicationFactor: clamps)
        }
    }

    private typealias Address = (value: ListenAddress, position: SourcePosition)

    /// Every answer to a client names the address at which it goes on.
    private func expectDialable(_ address: Address) {
        if ["0.0.0.0", "::", "*"].contains(address.value.host) {
            diagnostics.error(
                address.position,
                "clients cannot dial \"\(address.value.host)\": set \"advertise\" to the HOST:PORT at which they reach this machine"
            )
        }
    }

    private func address(_ key: String, _ section: Section) -> Address? {
        guard let text = section.text(key) else { return nil }
        if let address = ListenAddress(text.value) { return (address, text.position) }
        diagnostics.error(text.position, "\"\(key)\" must be HOST:PORT such as 127.0.0.1:9092, found \"\(text.value)\"")
        return nil
    }
}
