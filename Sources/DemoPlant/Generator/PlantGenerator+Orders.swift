/// Work orders and their operations. An order's planned minutes are the sum of its operations' after every transaction.
extension PlantGenerator {
    mutating func releaseOrder() -> Bool {
        guard let item = model.items.random(using: &random, where: \.isInMES) else { return false }
        var order = PlantModel.Order(
            number: number("WO"), plant: random.chance(percent: 75) ? "P01" : "P02", item: item, operations: [])
        for step in 1...random.number(2...5) { order.operations.append((step * 10, random.number(5...240))) }
        execute(
            """
            insert into erp.work_orders
              (wo_no, plant, item_no, state, qty_ordered, due, released_at, priority, planned_minutes, note)
            values ($1, $2, $3, 'RELEASED', $4, $5, $6, $7, $8, $9)
            """,
            [
                order.number, order.plant, model.items[item].number, random.decimal(1...400, places: 3),
                random.chance(percent: 90) ? date() : nil, random.chance(percent: 90) ? instant() : nil,
                "\(random.number(1...9))", "\(order.minutes)", note(),
            ])
        for operation in order.operations { insert(operation, of: order) }
        model.items[item].uses += 1
        _ = model.orders.insert(order)
        return true
    }

    mutating func reportOperation() -> Bool {
        guard let slot = orderWithOperations() else { return false }
        let place = random.number(0...model.orders[slot].operations.count - 1)
        let minutes = random.number(5...240)
        let change = minutes - model.orders[slot].operations[place].minutes
        model.orders[slot].operations[place].minutes = minutes
        let order = model.orders[slot]
        execute(
            "update erp.work_order_ops set minutes = $3, done = true, remark = $4 where wo_no = $1 and op_seq = $2",
            [order.number, "\(order.operations[place].number)", "\(minutes)", note()])
        execute(
            "update erp.work_orders set planned_minutes = planned_minutes + $2, state = $3 where wo_no = $1",
            [order.number, "\(change)", random.pick(PlantVocabulary.states)])
        return true
    }

    mutating func addOperation() -> Bool {
        guard let slot = model.orders.random(using: &random, where: { $0.operations.count < 8 }) else { return false }
        let last = model.orders[slot].operations.map(\.number).max() ?? 0
        let operation = (number: last + 10, minutes: random.number(5...240))
        model.orders[slot].operations.append(operation)
        // The sum first, its part after it: in between, whoever looks sees the difference.
        addMinutes(operation.minutes, to: model.orders[slot])
        insert(operation, of: model.orders[slot])
        return true
    }

    mutating func removeOperation() -> Bool {
        guard let slot = orderWithOperations() else { return false }
        let place = random.number(0...model.orders[slot].operations.count - 1)
        let operation = model.orders[slot].operations.remove(at: place)
        delete(operation, of: model.orders[slot])
        addMinutes(-operation.minutes, to: model.orders[slot])
        return true
    }

    /// The same key deleted and inserted again within one transaction.
    mutating func replaceOperation() -> Bool {
        guard let slot = orderWithOperations() else { return false }
        let place = random.number(0...model.orders[slot].operations.count - 1)
        let old = model.orders[slot].operations[place]
        let new = (number: old.number, minutes: random.number(5...240))
        model.orders[slot].operations[place] = new
        delete(old, of: model.orders[slot])
        insert(new, of: model.orders[slot])
        addMinutes(new.minutes - old.minutes, to: model.orders[slot])
        return true
    }

    /// Its operations go with it (ON DELETE CASCADE).
    mutating func deleteOrder() -> Bool {
        guard let slot = model.orders.random(using: &random) else { return false }
        execute("delete from erp.work_orders where wo_no = $1", [model.orders[slot].number])
        model.items[model.orders[slot].item].uses -= 1
        model.orders.remove(slot)
        return true
    }

    /// To the other plant, into the flow's filter or out of it, with its operations (ON UPDATE CASCADE).
    mutating func moveOrder() -> Bool {
        guard let slot = model.orders.random(using: &random) else { return false }
        model.orders[slot].plant = model.orders[slot].plant == "P01" ? "P02" : "P01"
        execute(
            "update erp.work_orders set plant = $2 where wo_no = $1",
            [model.orders[slot].number, model.orders[slot].plant])
        return true
    }

    /// The key changes, and with it the key of its operations (ON UPDATE CASCADE).
    mutating func renumberOrder() -> Bool {
        guard let slot = model.orders.random(using: &random) else { return false }
        let old = model.orders[slot].number
        model.orders[slot].number = number("WO")
        execute("update erp.work_orders set wo_no = $2 where wo_no = $1", [old, model.orders[slot].number])
        return true
    }

    /// One statement over many rows.
    mutating func shiftPriorities() -> Bool {
        execute(
            "update erp.work_orders set priority = priority % 9 + 1 where wo_no like $1 and priority = $2",
            ["WO\(lane)-%", "\(random.number(1...9))"])
        return true
    }

    private mutating func orderWithOperations() -> Int? {
        model.orders.random(using: &random, where: { !$0.operations.isEmpty })
    }

    private mutating func insert(_ operation: (number: Int, minutes: Int), of order: PlantModel.Order) {
        execute(
            """
            insert into erp.work_order_ops (wo_no, plant, op_seq, wc_code, minutes, done, remark)
            values ($1, $2, $3, $4, $5, false, $6)
            """,
            [
                order.number, order.plant, "\(operation.number)", random.pick(PlantVocabulary.workCenters),
                "\(operation.minutes)", note(),
            ])
    }

    private mutating func delete(_ operation: (number: Int, minutes: Int), of order: PlantModel.Order) {
        execute(
            "delete from erp.work_order_ops where wo_no = $1 and op_seq = $2", [order.number, "\(operation.number)"])
    }

    private mutating func addMinutes(_ minutes: Int, to order: PlantModel.Order) {
        execute(
            "update erp.work_orders set planned_minutes = planned_minutes + $2 where wo_no = $1",
            [order.number, "\(minutes)"])
    }
}
