/** What faults of a Postgres with a standby share. */
import type { PostgresPair } from "../../drivers/groups.ts";
import type { Stack } from "../../drivers/stack.ts";

export function pairOf({ pair }: Stack): PostgresPair {
  if (!pair) throw new Error("A Postgres with a standby was expected, and there is one server.");
  return pair;
}

/** The one that does not lead streams, and has replayed all but the last megabyte; undefined while it is not so. */
export async function followsClosely(stack: Stack): Promise<string | undefined> {
  const client = await stack.postgres.connect();
  try {
    const { rows } = await client.query(
      "select replay_lsn >= pg_current_wal_flush_lsn() - 1048576 as close from pg_stat_replication where state = 'streaming'",
    );
    return rows[0]?.close === true ? "a standby follows closely" : undefined;
  } finally {
    await client.end();
  }
}
