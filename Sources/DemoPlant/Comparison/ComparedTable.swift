/// A table of the MES, and what must be in it, said a second time: in Postgres' SQL over the ERP's tables.
///
/// This says in other words what ``DemoFlow`` says, and shares no code with capture, log or loader, so that a mistake there
/// cannot hide itself here.
struct ComparedTable: Sendable {
    /// The MES' name.
    let name: String
    /// In both results; the first ``keyCount`` are the key.
    let columns: [String]
    let keyCount: Int
    /// On the ERP, whose session has its text forms pinned.
    let expected: String

    var actual: String { "select \(columns.joined(separator: ", ")) from \(name)" }

    static let all = [material, bomComponent, productionOrder, operation, machineLog]

    private static let material = ComparedTable(
        name: "material",
        columns: [
            "material_no", "description", "base_uom", "net_weight_kg", "scrap_rate", "blocked", "phantom", "drawing_no",
            "attributes", "spec", "spec_begin", "erp_version", "changed_at",
        ],
        keyCount: 1,
        // ICU's upper, because a cluster of locale C leaves umlauts small.
        expected: """
            select trim(item_no::text), coalesce(description_de, description_ko, description_en, trim(item_no::text)),
              upper(uom collate "und-x-icu"),
              case when weight_uom = 'G' then (weight * 0.001)::numeric(12,4) else weight end,
              scrap_rate, (status = 'X')::int, is_phantom::int, drawing_no, attributes, spec, substr(spec, 1, 40),
              row_version, changed_at
            from erp.items where plant in ('P01', '*') and item_type <> 'SERVICE'
            """)

    private static let bomComponent = ComparedTable(
        name: "bom_component",
        columns: ["parent_no", "line_no", "component_no", "quantity", "uom", "valid_from"],
        keyCount: 2,
        expected: """
            select trim(parent_item_no::text), line_no, trim(item_no::text), qty_per::numeric(14,4),
              upper(uom collate "und-x-icu"), valid_from
            from erp.bom_lines where valid_to is null
            """)

    private static let productionOrder = ComparedTable(
        name: "production_order",
        columns: [
            "order_no", "material_no", "state", "quantity", "due", "released_local", "priority", "planned_minutes",
            "note",
        ],
        keyCount: 1,
        expected: """
            select wo_no, trim(item_no::text),
              case state when 'RELEASED' then 10 when 'STARTED' then 20 when 'CLOSED' then 90 else 99 end,
              qty_ordered, due, released_at at time zone 'Europe/Berlin', priority, planned_minutes, note
            from erp.work_orders where plant = 'P01'
            """)

    private static let operation = ComparedTable(
        name: "operation",
        columns: ["order_no", "op_no", "work_center", "minutes", "done", "remark"],
        keyCount: 2,
        expected: """
            select wo_no, op_seq, wc_code, minutes, done::int, remark from erp.work_order_ops where plant = 'P01'
            """)

    private static let machineLog = ComparedTable(
        name: "machine_log",
        columns: ["id", "machine", "recorded_at", "signal", "reading", "note"],
        keyCount: 1,
        expected: "select id, machine, recorded_at, signal, reading, note from erp.machine_log")
}
