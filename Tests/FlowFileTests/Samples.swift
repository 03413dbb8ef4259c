import FlowFile

/// A world for tests: one variable, one secret file.
let world = Surroundings(
    environment: { ["ERP_DSN": "host=erp password=s3cret", "EMPTY": ""][$0] },
    secretFile: { path throws(Surroundings.SecretFileError) in
        guard path == "etc/dsn" else { throw Surroundings.SecretFileError("no such file") }
        return "host=erp password=from$file\r\n"
    })

/// The smallest flow, with lines replaced or added by a test.
let smallFlow = """
    flow: erp-to-mes
    source:
      postgres: ${ERP_DSN}
      slot: mes_p01
      tables: [erp.items, erp.work_orders]
    load:
      into: { sqlite: mes.db }
      tables:
        - from: erp.items
          to: material
          key: [material_no]
          where: plant = 'P01'
          columns:
            material_no: trim(item_no)
            base_uom: upper(uom)
        - from: erp.work_orders
          to: work_order

    """

/// What `Flow.parse` finds wrong, a line each.
func mistakes(in text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try Flow.parse(text, file: "f.yaml", world)
        return []
    } catch {
        return error.issues.map(\.description)
    }
}

func mistakes(inPlant text: String) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try PlantConfiguration.parse(text, file: "etc/p.yaml", world)
        return []
    } catch {
        return error.issues.map(\.description)
    }
}
