/** What hardly varies between two equal windows, however noisy the machine is: how much was asked of Postgres and Redis. */
import type { Stack } from "../../drivers/stack.ts";

/** Running totals. Connections are not among them: both pools keep theirs, so that a window has none or, by chance, one. */
export type Counters = Readonly<Record<"sqlTransactions" | "redisCommands" | "redisBytes", number>>;

const totals = "select coalesce(sum(xact_commit + xact_rollback), 0)::float8 as transactions from pg_stat_database";

/** Nearly every statement is a transaction of its own. The harness's own looks are among them, as many in each second of every window. */
export async function readCounters(stack: Stack): Promise<Counters> {
  const client = await stack.postgres.connect();
  try {
    const { transactions } = (await client.query(totals)).rows[0];
    const info = String(await stack.redis.command("INFO", "stats"));
    const told = (field: string): number => Number(new RegExp(`^${field}:(\\d+)`, "m").exec(info)?.[1] ?? Number.NaN);
    return {
      sqlTransactions: transactions,
      redisCommands: told("total_commands_processed"),
      redisBytes: told("total_net_input_bytes") + told("total_net_output_bytes"),
    };
  } finally {
    await client.end();
  }
}

export function countedBetween(before: Counters, after: Counters): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Counters]]));
}
