/// Messages of PostgreSQL 15, recorded with `pg_logical_slot_get_binary_changes('s', NULL, NULL, 'proto_version', '1',
/// 'publication_names', 'p', 'messages', 'true')` after
///
///     CREATE TYPE erp.state AS ENUM ('open', 'done');
///     CREATE TABLE erp.items (item_no varchar(20) PRIMARY KEY, weight numeric(12,3), spec text, state erp.state);
///     ALTER TABLE erp.items ALTER spec SET STORAGE EXTERNAL;
///     CREATE TABLE erp.logs (n int, t text);
///     ALTER TABLE erp.logs REPLICA IDENTITY FULL;
///     CREATE PUBLICATION p FOR TABLE erp.items, erp.logs;
///
/// The 3,000 letters of one `spec` were cut to three.
enum Recorded {
    static let itemsRelation = Bytes.hex(
        "5200004007657270006974656d7300640004016974656d5f6e6f0000000413000000180077656967687400000006a4000c000700737065630000"
            + "000019ffffffff0073746174650000004002ffffffff")
    static let logsRelation = Bytes.hex(
        "520000400e657270006c6f677300660002016e0000000017ffffffff01740000000019ffffffff")
    static let stateType = Bytes.hex("590000400265727000737461746500")

    /// `INSERT INTO erp.items VALUES ('A', 12.500, repeat('x', 3000), 'open'), ('B', NULL, 'é', NULL)`
    static let insert = [
        Bytes.hex("420000000001532c180003040f676d75ed000002db"),
        Bytes.hex("49000040074e0004740000000141740000000631322e3530307400000003787878 74000000046f70656e"),
        Bytes.hex("49000040074e00047400000001426e7400000002c3a96e"),
        Bytes.hex("43000000000001532c180000000001532c480003040f676d75ed"),
    ]
    /// `UPDATE erp.items SET weight = 1 WHERE item_no = 'A'`: `spec` was not touched.
    static let update = [
        Bytes.hex("420000000001532ce80003040f676d78af000002dc"),
        Bytes.hex("55000040074e00047400000001417400000005312e3030307574000000046f70656e"),
        Bytes.hex("43000000000001532ce80000000001532d180003040f676d78af"),
    ]
    /// `UPDATE erp.items SET item_no = 'C' WHERE item_no = 'A'`
    static let keyChange = [
        Bytes.hex("420000000001532e000003040f676d792d000002dd"),
        Bytes.hex("55000040074b00047400000001416e6e6e4e00047400000001437400000005312e3030307574000000046f70656e"),
        Bytes.hex("43000000000001532e000000000001532e300003040f676d792d"),
    ]
    /// `DELETE FROM erp.items WHERE item_no = 'B'`
    static let delete = [
        Bytes.hex("420000000001532e700003040f676d7978000002de"),
        Bytes.hex("44000040074b00047400000001426e6e6e"),
        Bytes.hex("43000000000001532e700000000001532ea00003040f676d7978"),
    ]
    /// `INSERT INTO erp.logs VALUES (1, 'a'); UPDATE erp.logs SET n = 2; DELETE FROM erp.logs`
    static let full = [
        Bytes.hex("420000000001532f800003040f676d7ab4000002df"),
        logsRelation,
        Bytes.hex("490000400e4e0002740000000131740000000161"),
        Bytes.hex("550000400e4f00027400000001317400000001614e0002740000000132740000000161"),
        Bytes.hex("440000400e4f0002740000000132740000000161"),
        Bytes.hex("43000000000001532f800000000001532fb00003040f676d7ab4"),
    ]
    /// `TRUNCATE erp.items, erp.logs`
    static let truncate = [
        Bytes.hex("4200000000015343800003040f676d7d0c000002e0"),
        stateType, itemsRelation, logsRelation,
        Bytes.hex("540000000200000040070000400e"),
        Bytes.hex("4300000000000153438000000000015345c00003040f676d7d0c"),
    ]
    /// `BEGIN; SELECT pg_logical_emit_message(true, 'line', 'hi'); COMMIT`
    static let message = [
        Bytes.hex("4200000000015346000003040f676d937d000002e1"),
        Bytes.hex("4d0100000000015346006c696e6500000000026869"),
        Bytes.hex("4300000000000153460000000000015346300003040f676d937d"),
    ]
    /// `SELECT pg_logical_emit_message(false, 'line', '\x00ff'::bytea)`, which answered 0/1534670.
    static let messageOutside = Bytes.hex("4d0000000000015346706c696e65000000000200ff")
    /// Of a transaction that another server replicated.
    static let origin = Bytes.hex("4f00000000000000ab6f00")

    static let all =
        [itemsRelation, logsRelation, stateType, messageOutside, origin] + insert + update + keyChange + delete + full
        + truncate
        + message
}
