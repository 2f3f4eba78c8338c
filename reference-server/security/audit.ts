/** The audit log of who changed what about security. */
import type { Database, Row } from "../store/postgres.ts";

const batchSize = 200;
const removedAtOnce = 500;

export interface AuditEntry {
  /** Increases in the order in which entries can be read. */
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Record<string, unknown>;
}

/** The next entries after `after`. Entries younger than a transaction that still runs are left for the next time. */
export async function readAudit(db: Database, after: number): Promise<AuditEntry[]> {
  return db.query<Row & AuditEntry>(
    `select number::text::bigint as number, to_json(at) #>> '{}' as at, actor, action, subject, detail
     from security_audit
     where number > $1::text::xid8 and number < pg_snapshot_xmin(pg_current_snapshot())
     order by number limit $2`,
    [String(after), batchSize],
  );
}

/** Removes the oldest entries, at most 500, that are older than `keptS`; 0: none ever. True when there may be more. */
export async function removeOldAudit(db: Database, keptS: number): Promise<boolean> {
  if (keptS === 0) return false;
  const removed = await db.query(
    `delete from security_audit
     where number in (select number from security_audit order by number limit $2) and at < clock_timestamp() - make_interval(secs => $1)
     returning number`,
    [keptS, removedAtOnce],
  );
  return removed.length === removedAtOnce;
}
