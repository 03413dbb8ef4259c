/// What the server as a whole must be.
enum ServerCheck {
    static func check(_ facts: SourceFacts, needsSlot: Bool) throws(CaptureError) {
        if facts.serverVersion < 140_000 {
            throw CaptureError(
                .serverTooOld, "The source is PostgreSQL \(facts.serverVersion / 10_000); capture needs 14 or later.",
                remedy: "Upgrade the server.")
        }
        if facts.walLevel != "logical" {
            throw CaptureError(
                .serverSettings, "The source has wal_level=\(facts.walLevel); capture needs logical.",
                remedy: "Run ALTER SYSTEM SET wal_level = 'logical' and restart PostgreSQL.")
        }
        if facts.encoding == "SQL_ASCII" {
            throw CaptureError(
                .encoding, "Database \(facts.database) has the encoding SQL_ASCII: nobody knows what its text means.",
                remedy: "Dump it and restore it into a database with encoding UTF8.")
        }
        if needsSlot, facts.slotsInUse >= facts.slotLimit {
            throw CaptureError(
                .serverSettings, "All \(facts.slotLimit) replication slots of the source are in use.",
                remedy: "Raise max_replication_slots and restart PostgreSQL, or drop a slot that nobody reads.")
        }
    }
}
