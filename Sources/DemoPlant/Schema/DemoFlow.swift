/// The flow from the demonstration ERP into the demonstration MES, as the text of a flow file.
package enum DemoFlow {
    package static let name = "erp-to-mes"
    package static let slot = "mes_p01"

    /// - Parameters:
    ///   - postgres: what the file gives as `source.postgres`: a conninfo, or `${NAME}`. Must not hold `"` or `\`.
    ///   - sqlite: the path of the MES. Must not hold `"` or `\`.
    package static func text(postgres: String, sqlite: String) -> String {
        """
        # Items, bills of material and work orders of plant P01, from the ERP into the MES.
        flow: \(name)
        source:
          postgres: "\(postgres)"
          slot: \(slot)
          tables: [\(ERPTable.all.map(\.name).joined(separator: ", "))]
        log:
          topic: ${schema}.${table}
          format: plain
        load:
          into: { sqlite: "\(sqlite)" }
          tables:
            - from: erp.items
              to: material
              where: plant in ('P01', '*') and item_type <> 'SERVICE'
              columns:
                material_no: trim(item_no)
                description: coalesce(description_de, description_ko, description_en, trim(item_no))
                base_uom: upper(uom)
                net_weight_kg: case when weight_uom = 'G' then to_decimal(decimal_mul(weight, '0.001'), 12, 4) else weight end
                scrap_rate: scrap_rate
                blocked: status = 'X'
                phantom: is_phantom
                drawing_no: drawing_no
                attributes: attributes
                spec: spec
                spec_begin: substr(spec, 1, 40)
                erp_version: row_version
                changed_at: changed_at

            - from: erp.bom_lines
              to: bom_component
              where: valid_to is null
              columns:
                parent_no: trim(parent_item_no)
                line_no: line_no
                component_no: trim(item_no)
                quantity: to_decimal(qty_per, 14, 4)
                uom: upper(uom)
                valid_from: valid_from

            - from: erp.work_orders
              to: production_order
              where: plant = 'P01'
              columns:
                order_no: wo_no
                material_no: trim(item_no)
                state: case state when 'RELEASED' then 10 when 'STARTED' then 20 when 'CLOSED' then 90 else 99 end
                quantity: qty_ordered
                due: due
                released_local: at_zone(released_at, 'Europe/Berlin')
                priority: priority
                planned_minutes: planned_minutes
                note: note

            - from: erp.work_order_ops
              to: operation
              where: plant = 'P01'
              columns:
                order_no: wo_no
                op_no: op_seq
                work_center: wc_code
                minutes: minutes
                done: done
                remark: remark

            - from: erp.machine_log   # no columns: all of them, unchanged
              to: machine_log

        """
    }
}
