/** What faults of a Postgres that fails over share: their victim is the node that leads when they strike, and they are over when the cluster is whole again. */
import { setTimeout as later } from "node:timers/promises";
import type { Client } from "pg";
import { until } from "../../base/clock.ts";
import type { PostgresCluster, PostgresNode } from "../../drivers/groups.ts";
import type { Stack } from "../../drivers/stack.ts";
import { everybodysWork, type Fault, type FaultContext, type Strike } from "../fault.ts";

export function clusterOf({ cluster }: Stack): PostgresCluster {
  if (!cluster) throw new Error("Several Postgres servers were expected that replace each other, and there is one.");
  return cluster;
}

/** For so long a standby that follows has confirmed something of what is written all the time (ms). */
const silentMs = 500;
/** A node that was left behind is rewound or copied anew before it follows again (ms). */
export const followsWithinMs = 60_000;

/** The node that leads now. Managers may be slow to say so; rejects when none has within 5 s. */
export function leaderOf(stack: Stack): Promise<PostgresNode> {
  return until("A node was expected to say that it leads", () => clusterOf(stack).primary(), { withinMs: 5000 });
}

/**
 * One that has not got over an earlier fault may rightly have nobody to promote. With the option `alone: 1` it is struck just then: once its primary has acknowledged what nobody
 * else has; with `waiting: 1` once a commit waits for a standby, though nobody is at work then, or goes on without one that has fallen silent.
 */
export const onceWhole: NonNullable<Fault["ready"]> = ({ stack, options }) =>
  options.alone === 1 ? alone(stack) : options.waiting === 1 ? waiting(stack) : whole(stack);

/** A strike at the node that leads at that moment. */
export function primaryStrike(
  { stack, ledger, options }: FaultContext,
  fault: {
    inject(primary: PostgresNode): Promise<void> | void;
    /** What is to be seen of it; undefined while nothing is. */
    shows(primary: PostgresNode): Promise<string | undefined> | string | undefined;
    heal(primary: PostgresNode): Promise<void> | void;
  },
): Strike {
  let victim: PostgresNode | undefined;
  return {
    on: "postgres",
    // Attempts under way are written by sessions of this node.
    working: () => (options.waiting === 1 ? ["commits that wait for a standby"] : everybodysWork(stack, ledger)),
    async inject() {
      victim = await leaderOf(stack);
      await fault.inject(victim);
    },
    bites: async () => victim && fault.shows(victim),
    async heal() {
      if (victim) await fault.heal(victim);
    },
    healed: () => whole(stack),
  };
}

async function waiting(stack: Stack): Promise<string | undefined> {
  const seen = await whole(stack);
  const client = await stack.postgres.connect();
  try {
    const { rows } = await client.query("select count(*)::int as commits from pg_stat_activity where wait_event = 'SyncRep'");
    if (rows[0].commits === 0) return await goesOn(client);
    return seen && `${seen}; ${rows[0].commits} wait`;
  } finally {
    await client.end();
  }
}

/** The primary's log is written on, no commit waits, and none of its standbys has confirmed any of it: whoever has commits wait in name only loses them now. Undefined while it is not so. */
async function goesOn(client: Client): Promise<string | undefined> {
  const look = async () => {
    const { rows } = await client.query(`select pg_current_wal_flush_lsn()::text as written, coalesce(max(flush_lsn)::text, '') as confirmed,
      coalesce(bool_and(flush_lsn < pg_current_wal_flush_lsn()), false) as behind,
      (select count(*)::int from pg_stat_activity where wait_event = 'SyncRep') as commits from pg_stat_replication`);
    return rows[0] as { readonly written: string; readonly confirmed: string; readonly behind: boolean; readonly commits: number };
  };
  const before = await look();
  await later(silentMs, undefined, { ref: false });
  const after = await look();
  const nobodyWaits = before.commits === 0 && after.commits === 0;
  if (!nobodyWaits || !before.behind || !after.behind || before.confirmed !== after.confirmed || before.written === after.written) return undefined;
  return `the primary commits, and none of its standbys has confirmed anything for ${silentMs} ms`;
}

/** The managers have let the primary go on without its standbys, and it does; undefined while it is not so. They take its standbys' right to follow it first. */
async function alone(stack: Stack): Promise<string | undefined> {
  const leader = await clusterOf(stack).primary();
  if (!leader) return undefined;
  const client = await leader.connect();
  try {
    const { rows } = await client.query(
      "select current_setting('synchronous_standby_names') as waits_for, count(*)::int as standbys from pg_stat_replication",
    );
    if (rows[0].waits_for !== "" || rows[0].standbys > 0) return undefined;
    await client.query("select pg_logical_emit_message(true, 'runproof', 'alone')");
    return `${leader.name} commits alone`;
  } finally {
    await client.end();
  }
}

/** One node leads, all others follow it closely, and a commit waits for one of them where it has to; undefined while it is not so. */
export async function whole(stack: Stack): Promise<string | undefined> {
  const { nodes, primary, synchronous: waits } = clusterOf(stack);
  const leader = await primary();
  if (!leader) return undefined;
  const agreed = await Promise.all(nodes.map(async (node) => ((await node.isSynchronous(500)) ? node.name : "")));
  const client = await stack.postgres.connect();
  try {
    const { rows } = await client.query(`select current_setting('synchronous_standby_names') as waits_for,
      count(*) filter (where state = 'streaming')::int as streaming, count(*) filter (where sync_state <> 'async')::int as synchronous from pg_stat_replication`);
    const { waits_for, streaming, synchronous } = rows[0];
    if (streaming < nodes.length - 1) return undefined;
    if (!waits) return `${leader.name} leads, ${streaming} nodes follow it`;
    // Postgres knows its synchronous standby before the managers have agreed on it, and they promote no other.
    if (synchronous === 0 || !agreed.some((name) => name !== "" && waits_for.includes(name))) return undefined;
    return `${leader.name} leads, ${streaming} nodes follow it, and a commit waits for ${waits_for}`;
  } finally {
    await client.end();
  }
}
