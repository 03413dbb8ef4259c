/// A captured table of the demonstration ERP.
package struct ERPTable: Sendable {
    /// `schema.table`, as a flow names it.
    package let name: String
    /// In the order of the table.
    package let columns: [String]
    /// The primary key, in its order.
    package let key: [String]
    /// `create table` and what belongs to it, one statement each.
    let statements: [String]

    package static let all = [items, bomLines, workOrders, workOrderOperations, machineLog]

    package static let items = ERPTable(
        name: "erp.items",
        columns: [
            "item_no", "description_de", "description_ko", "description_en", "item_type", "plant", "uom", "weight",
            "weight_uom", "scrap_rate", "status", "is_phantom", "drawing_no", "attributes", "spec", "row_version",
            "changed_at",
        ],
        key: ["item_no"],
        statements: [
            // char(18): the number arrives padded with blanks, as from an ERP that has been in use for decades.
            """
            create table erp.items (
              item_no        char(18) primary key,
              description_de text,
              description_ko text,
              description_en text,
              item_type      text not null check (item_type in ('PART', 'ASSEMBLY', 'RAW', 'SERVICE')),
              plant          text not null,
              uom            text not null,
              weight         numeric(12,4),
              weight_uom     text,
              scrap_rate     double precision,
              status         text not null,
              is_phantom     boolean not null,
              drawing_no     text unique,
              attributes     jsonb,
              spec           text,
              row_version    integer not null,
              changed_at     timestamptz not null
            )
            """,
            // Out of line from 2 kB on whatever its content: an update that leaves it alone does not send it.
            "alter table erp.items alter column spec set storage external",
        ])

    package static let bomLines = ERPTable(
        name: "erp.bom_lines",
        columns: ["parent_item_no", "line_no", "item_no", "qty_per", "uom", "valid_from", "valid_to"],
        key: ["parent_item_no", "line_no"],
        statements: [
            """
            create table erp.bom_lines (
              parent_item_no char(18) not null references erp.items on update cascade on delete cascade,
              line_no        integer not null,
              item_no        char(18) not null references erp.items on update cascade,
              qty_per        numeric(16,6) not null,
              uom            text not null,
              valid_from     date not null,
              valid_to       date,
              primary key (parent_item_no, line_no)
            )
            """,
            "create index on erp.bom_lines (item_no)",
        ])

    package static let workOrders = ERPTable(
        name: "erp.work_orders",
        columns: [
            "wo_no", "plant", "item_no", "state", "qty_ordered", "due", "released_at", "priority", "planned_minutes",
            "note",
        ],
        key: ["wo_no"],
        statements: [
            // planned_minutes is the sum of the operations' minutes after every transaction: who sees it differ, sees half a one.
            """
            create table erp.work_orders (
              wo_no           varchar(20) primary key,
              plant           text not null,
              item_no         char(18) not null references erp.items on update cascade,
              state           text not null,
              qty_ordered     numeric(14,3) not null check (qty_ordered > 0),
              due             date,
              released_at     timestamptz,
              priority        smallint not null,
              planned_minutes bigint not null,
              note            text,
              unique (wo_no, plant)
            )
            """,
            "create index on erp.work_orders (item_no)",
        ])

    package static let workOrderOperations = ERPTable(
        name: "erp.work_order_ops",
        columns: ["wo_no", "plant", "op_seq", "wc_code", "minutes", "done", "remark"],
        key: ["wo_no", "op_seq"],
        statements: [
            """
            create table erp.work_order_ops (
              wo_no   varchar(20) not null,
              plant   text not null,
              op_seq  integer not null,
              wc_code text not null,
              minutes bigint not null,
              done    boolean not null,
              remark  text,
              primary key (wo_no, op_seq),
              foreign key (wo_no, plant) references erp.work_orders (wo_no, plant) on update cascade on delete cascade
            )
            """
        ])

    package static let machineLog = ERPTable(
        name: "erp.machine_log",
        columns: ["id", "machine", "recorded_at", "signal", "reading", "note"],
        key: ["id"],
        statements: [
            """
            create table erp.machine_log (
              id          bigint primary key,
              machine     text not null,
              recorded_at timestamptz not null,
              signal      text not null,
              reading     double precision,
              note        text
            )
            """
        ])
}
