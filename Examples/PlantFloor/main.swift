// An ERP's row becomes a MES' row, in one process and without a configuration file.
//
//     createdb erp && psql erp -c 'create table items (item_no text primary key, uom text, weight numeric(12,3))'
//     swift run PlantFloor "dbname=erp" /tmp/plant
//     psql erp -c "insert into items values (' A-7 ', 'kg', 12.500)"
//
// The server needs `wal_level = logical`. The example prints each change that it captures, and the row that it makes of it:
//
//     erp   {"op":"c","table":"public.items",…,"after":{"item_no":" A-7 ","uom":"kg","weight":"12.500"}}
//     mes   A-7, KG, 12.500
import CaptureAgent
import ChangeEvents
import EdgeBroker
import Loader
import Logging
import RecordFormat
import SQLiteClient

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    print("usage: PlantFloor CONNINFO FOLDER")
    throw CancellationError()
}
let (erp, folder) = (arguments[1], arguments[2])
let logger = Logger(label: "plant-floor")

// The log: everything else only reads it or writes it.
let broker = try await Broker.open(BrokerConfiguration(dataDirectory: folder), logger: logger)

// From the ERP's write-ahead log into the topic public.items, each transaction once.
let items = TableName(schema: "public", name: "items")
let capture = CaptureService(
    CaptureConfiguration(connection: erp, slot: "plant_floor", tables: [items]), broker: broker, logger: logger)

// From the topic into the MES, each ERP transaction as one of SQLite's.
let mesPath = folder + "/mes.db"
let loader = LoaderService(
    LoaderConfiguration(
        flow: "plant-floor", slot: "plant_floor", target: .sqlite(path: mesPath),
        tables: [
            TableMapping(
                source: items, topic: "public.items", target: "material", key: ["material_no"],
                columns: [
                    TableMapping.Column(name: "material_no", expression: "trim(item_no)"),
                    TableMapping.Column(name: "base_uom", expression: "upper(uom)"),
                    TableMapping.Column(name: "weight", expression: "weight"),
                ])
        ]),
    broker: broker, logger: logger)

/// Follows the topic as any consumer does, and after a restart goes on where it was; the topic exists once capture has begun.
func showERP() async throws {
    while !broker.admin.topics().contains(where: { $0.name == "public.items" }) {
        try await Task.sleep(for: .milliseconds(100))
    }
    try await broker.withConsumer(group: "screen", topics: ["public.items"]) { consumer in
        for try await batch in consumer.batches {
            for stored in batch.records { print("erp  ", String(decoding: stored.record.value ?? [], as: UTF8.self)) }
            try await consumer.commit(batch)
        }
    }
}

/// Looks into the MES after every commit of the loader.
func showMES() async throws {
    var commits = 0
    while !Task.isCancelled {
        try await Task.sleep(for: .milliseconds(100))
        if loader.progress.commits == commits { continue }
        commits = loader.progress.commits
        let mes = try SQLiteDatabase(path: mesPath, .readOnly)
        guard try mes.prepare("select 1 from sqlite_schema where name = 'material'").rows().count == 1 else { continue }
        let rows = try mes.prepare("select material_no || ', ' || base_uom || ', ' || weight from material").rows()
        for case .text(let row)? in rows.map(\.first) { print("mes  ", row) }
    }
}

await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await capture.run() }
    group.addTask { try await loader.run() }
    group.addTask { try await showERP() }
    group.addTask { try await showMES() }
    // Whichever ends first ends the others; the log is closed behind them.
    do { try await group.next() } catch { print("stopped: \(error)") }
    group.cancelAll()
}
await broker.close()
