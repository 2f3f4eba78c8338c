/** What faults of a Postgres with a standby share. */
import type { Client } from "pg";
import type { PostgresPair, PostgresServer } from "../../drivers/groups.ts";
import type { Stack } from "../../drivers/stack.ts";

export function pairOf({ pair }: Stack): PostgresPair {
  if (!pair) throw new Error("A Postgres with a standby was expected, and there is one server.");
  return pair;
}

/** What `act` asks one of the servers, over a connection of its own. */
export async function askServer<T>(server: Pick<PostgresServer, "connect">, act: (client: Client) => Promise<T>): Promise<T> {
  const client = await server.connect();
  return act(client).finally(() => client.end());
}

/** The one that does not lead streams, and has replayed all but the last megabyte; undefined while it is not so. */
export async function followsClosely(stack: Stack): Promise<string | undefined> {
  const { rows } = await askServer(stack.postgres, (client) =>
    client.query("select replay_lsn >= pg_current_wal_flush_lsn() - 1048576 as close from pg_stat_replication where state = 'streaming'"),
  );
  return rows[0]?.close === true ? "a standby follows closely" : undefined;
}
