package import SQLiteClient

/// The demonstration MES: what a plant's own database looks like, in SQLite.
package enum MESSchema {
    /// Exact decimals stand in `text` columns: SQLite's numeric columns would round them to binary fractions. Foreign keys are
    /// checked at COMMIT, because Postgres decodes a cascade parent first.
    static let statements = [
        """
        create table material (
          material_no   text not null primary key,
          description   text not null,
          base_uom      text not null,
          net_weight_kg text,
          scrap_rate    real,
          blocked       integer not null,
          phantom       integer not null,
          drawing_no    text,
          attributes    text,
          spec          text,
          spec_begin    text,
          erp_version   integer not null,
          changed_at    text not null
        )
        """,
        """
        create table bom_component (
          parent_no    text not null references material deferrable initially deferred,
          line_no      integer not null,
          component_no text not null references material deferrable initially deferred,
          quantity     text not null,
          uom          text not null,
          valid_from   text not null,
          primary key (parent_no, line_no)
        )
        """,
        "create index bom_component_component_no on bom_component (component_no)",
        """
        create table production_order (
          order_no        text not null primary key,
          material_no     text not null references material deferrable initially deferred,
          state           integer not null,
          quantity        text not null,
          due             text,
          released_local  text,
          priority        integer not null,
          planned_minutes integer not null,
          note            text
        )
        """,
        "create index production_order_material_no on production_order (material_no)",
        """
        create table operation (
          order_no    text not null references production_order deferrable initially deferred,
          op_no       integer not null,
          work_center text not null,
          minutes     integer not null,
          done        integer not null,
          remark      text,
          primary key (order_no, op_no)
        )
        """,
        """
        create table machine_log (
          id          integer not null primary key,
          machine     text not null,
          recorded_at text not null,
          signal      text not null,
          reading     real,
          note        text
        )
        """,
    ]

    /// Creates the MES' tables in an empty database, or nothing.
    package static func create(on mes: SQLiteDatabase) throws(SQLiteError) {
        try mes.transaction { () throws(SQLiteError) in
            for statement in statements { try mes.execute(statement) }
        }
    }

    /// One row with two sums that are equal after every ERP transaction and differ inside most of them. A reader that ever
    /// sees them differ has seen half a transaction.
    package static let invariant = """
        select (select coalesce(sum(planned_minutes), 0) from production_order),
               (select coalesce(sum(minutes), 0) from operation)
        """
}
