/// Items and their bills of material.
extension PlantGenerator {
    /// An assembly, some components of its own, and a bill of both these and older ones.
    mutating func createAssembly() -> Bool {
        var components: [Int] = []
        for _ in 0..<random.number(1...3) {
            components.append(insertItem(type: random.pick(["PART", "RAW"]), plant: random.pick(["P01", "*"])))
        }
        for _ in 0..<random.number(0...2) {
            if let older = model.items.random(using: &random, where: \.isInMES) { components.append(older) }
        }
        let parent = insertItem(type: "ASSEMBLY", plant: random.pick(["P01", "*"]))
        for (index, component) in components.enumerated() {
            let line = (number: (index + 1) * 10, component: component)
            execute(
                """
                insert into erp.bom_lines (parent_item_no, line_no, item_no, qty_per, uom, valid_from, valid_to)
                values ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    model.items[parent].number, "\(line.number)", model.items[component].number,
                    random.decimal(0...12, places: 6), random.pick(["Stk", "kg", "개", "m"]), date(),
                    random.chance(percent: 10) ? date() : nil,
                ])
            model.items[parent].lines.append(line)
            model.items[component].uses += 1
        }
        return true
    }

    /// One that the flow's filter keeps from plant P01.
    mutating func createForeignItem() -> Bool {
        if random.chance(percent: 50) {
            _ = insertItem(type: "SERVICE", plant: "P01")
        } else {
            _ = insertItem(type: "PART", plant: "P02")
        }
        return true
    }

    /// Leaves the long specification alone, so its value does not travel.
    mutating func changeItem() -> Bool {
        guard let slot = model.items.random(using: &random) else { return false }
        let (weight, unit) = self.weight()
        execute(
            """
            update erp.items set status = $2, weight = $3, weight_uom = $4, attributes = $5, is_phantom = not is_phantom,
              row_version = row_version + 1, changed_at = $6
            where item_no = $1
            """,
            [model.items[slot].number, random.pick(["A", "A", "X"]), weight, unit, attributes(), instant()])
        return true
    }

    mutating func reviseSpecification() -> Bool {
        guard let slot = model.items.random(using: &random) else { return false }
        let text: String? = random.chance(percent: 80) ? specification() : random.pick([nil, "kurz", ""])
        execute(
            "update erp.items set spec = $2, row_version = row_version + 1 where item_no = $1",
            [model.items[slot].number, text])
        return true
    }

    /// Into the flow's filter or out of it. The application writes the whole row then, as most do: a long value that an update
    /// leaves alone does not travel, and the MES cannot have it from before (docs/guarantees.md).
    mutating func moveItem() -> Bool {
        guard let slot = model.items.random(using: &random, where: \.isFree) else { return false }
        if model.items[slot].isInMES {
            model.items[slot].plant = "P02"
        } else {
            model.items[slot].plant = "P01"
            model.items[slot].type = "PART"
        }
        execute(
            "update erp.items set plant = $2, item_type = $3, spec = spec || '' where item_no = $1",
            [model.items[slot].number, model.items[slot].plant, model.items[slot].type])
        return true
    }

    /// The key changes, and with it the BOM lines and work orders that name it (ON UPDATE CASCADE).
    mutating func renumberItem() -> Bool {
        guard let slot = model.items.random(using: &random) else { return false }
        let old = model.items[slot].number
        model.items[slot].number = number("MT")
        execute(
            "update erp.items set item_no = $2, row_version = row_version + 1 where item_no = $1",
            [old, model.items[slot].number])
        return true
    }

    /// Its bill of material goes with it (ON DELETE CASCADE).
    mutating func deleteItem() -> Bool {
        guard let slot = model.items.random(using: &random, where: { $0.uses == 0 }) else { return false }
        execute("delete from erp.items where item_no = $1", [model.items[slot].number])
        for line in model.items[slot].lines { model.items[line.component].uses -= 1 }
        model.items.remove(slot)
        return true
    }

    /// Out of the flow's filter, or back into it.
    mutating func retireBOMLine() -> Bool {
        guard let slot = assembly() else { return false }
        let line = random.pick(model.items[slot].lines)
        execute(
            """
            update erp.bom_lines set valid_to = case when valid_to is null then $3::date end
            where parent_item_no = $1 and line_no = $2
            """,
            [model.items[slot].number, "\(line.number)", date()])
        return true
    }

    mutating func removeBOMLine() -> Bool {
        guard let slot = assembly() else { return false }
        let line = model.items[slot].lines.remove(at: random.number(0...model.items[slot].lines.count - 1))
        model.items[line.component].uses -= 1
        execute(
            "delete from erp.bom_lines where parent_item_no = $1 and line_no = $2",
            [model.items[slot].number, "\(line.number)"])
        return true
    }

    private mutating func assembly() -> Int? { model.items.random(using: &random, where: { !$0.lines.isEmpty }) }

    private mutating func weight() -> (String?, String?) {
        switch random.number(1...10) {
        case 1: (nil, nil)
        case 2...4: (random.decimal(1...9000, places: 4), "G")
        default: (random.decimal(0...900, places: 4), "KG")
        }
    }

    private mutating func insertItem(type: String, plant: String) -> Int {
        let part = random.pick(PlantVocabulary.parts)
        let item = PlantModel.Item(number: number("MT"), plant: plant, type: type)
        let (weight, unit) = self.weight()
        execute(
            """
            insert into erp.items (item_no, description_de, description_ko, description_en, item_type, plant, uom, weight,
              weight_uom, scrap_rate, status, is_phantom, drawing_no, attributes, spec, row_version, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16)
            """,
            [
                item.number, random.chance(percent: 70) ? part.german : nil,
                random.chance(percent: 70) ? part.korean : nil,
                random.chance(percent: 50) ? part.english : nil, type, plant, part.unit, weight, unit,
                random.pick([nil, "0", "0.5", "0.0125", "3"]), random.pick(["A", "A", "A", "X"]),
                "\(random.chance(percent: 10))", random.chance(percent: 60) ? "도면-\(item.number)/A" : nil, attributes(),
                random.chance(percent: 70) ? specification() : random.pick([nil, "siehe Zeichnung"]), instant(),
            ])
        return model.items.insert(item)
    }
}
