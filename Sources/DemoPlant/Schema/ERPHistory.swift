/// The ERP's own account of what was changed, to hold the topics against.
///
/// `erp.history` is written by triggers *before* each row's change, so within a transaction `id` has the order of the
/// write-ahead log, which is the order of decoded events: an AFTER trigger would see the children of a cascade before their
/// parent. Between transactions `id` is the order of writing, not of committing, but changes of one key are in order, because
/// the row's lock makes them so.
///
/// | column       | meaning                                                                       |
/// |:-------------|:------------------------------------------------------------------------------|
/// | `id`         | order of writing                                                              |
/// | `xid`        | the transaction's number as pgoutput gives it: the low 32 bits                |
/// | `table_name` | `schema.table`                                                                |
/// | `op`         | `c`, `u`, `d`, `t`; a key change is one `u`                                   |
/// | `before`     | the whole row as an object of texts, each in Postgres' own form; null: absent |
/// | `after`      | the same                                                                      |
package enum ERPHistory {
    static var statements: [String] { [createTable, createTextOf] + ERPTable.all.flatMap(triggers) }

    private static let createTable = """
        create table erp.history (
          id         bigint generated always as identity primary key,
          xid        bigint not null default (pg_current_xact_id()::text::numeric % 4294967296)::bigint,
          table_name text not null,
          op         text not null,
          before     jsonb,
          after      jsonb
        )
        """

    // A cast to text would strip the blanks of a char(n); format() uses the type's output function, as pgoutput does.
    private static let createTextOf = """
        create function erp.text_of(value anyelement) returns text language sql stable
        as $$ select case when value is null then null else format('%s', value) end $$
        """

    private static func triggers(of table: ERPTable) -> [String] {
        let short = table.name.replacing("erp.", with: "")
        func image(_ row: String) -> String {
            "jsonb_build_object(" + table.columns.map { "'\($0)', erp.text_of(\(row).\($0))" }.joined(separator: ", ")
                + ")"
        }
        return [
            """
            create function erp.record_\(short)() returns trigger language plpgsql
            set timezone = 'UTC' set datestyle = 'ISO' set extra_float_digits = 3 as $$
            begin
              if tg_op = 'INSERT' then
                insert into erp.history (table_name, op, after) values ('\(table.name)', 'c', \(image("new")));
                return new;
              elsif tg_op = 'UPDATE' then
                insert into erp.history (table_name, op, before, after)
                  values ('\(table.name)', 'u', \(image("old")), \(image("new")));
                return new;
              elsif tg_op = 'DELETE' then
                insert into erp.history (table_name, op, before) values ('\(table.name)', 'd', \(image("old")));
                return old;
              end if;
              insert into erp.history (table_name, op) values ('\(table.name)', 't');
              return null;
            end $$
            """,
            """
            create trigger zz_history before insert or update or delete on \(table.name)
            for each row execute function erp.record_\(short)()
            """,
            """
            create trigger zz_history_truncate before truncate on \(table.name)
            for each statement execute function erp.record_\(short)()
            """,
        ]
    }
}
