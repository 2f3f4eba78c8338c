/** What faults of a Postgres that fails over share: their victim is the node that leads when they strike, and they are over when the cluster is whole again. */
import { until } from "../../base/clock.ts";
import type { Layout } from "../../core/experiment.ts";
import type { PostgresCluster, PostgresNode, Stack } from "../../drivers/stack.ts";
import { everybodysWork, type Fault, type FaultContext, type Strike } from "../fault.ts";

/** The layouts that have a cluster. */
export const clusters: readonly Layout[] = ["ha", "ha-async", "ha-strict"];

export function clusterOf({ cluster }: Stack): PostgresCluster {
  if (!cluster) throw new Error("Several Postgres servers were expected that replace each other, and there is one.");
  return cluster;
}

/** A node that was left behind is rewound or copied anew before it follows again (ms). */
export const followsWithinMs = 60_000;

/** The node that leads now. Managers may be slow to say so; rejects when none has within 5 s. */
export function leaderOf(stack: Stack): Promise<PostgresNode> {
  return until("A node was expected to say that it leads", () => clusterOf(stack).primary(), { withinMs: 5000 });
}

/** One that has not got over an earlier fault may rightly have nobody to promote; with the option `anyway: 1` it is struck all the same. */
export const onceWhole: NonNullable<Fault["ready"]> = async ({ stack, options }) => (options.anyway === 1 ? "struck anyway" : whole(stack));

/** A strike at the node that leads at that moment. */
export function primaryStrike(
  { stack, ledger }: FaultContext,
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
    working: () => everybodysWork(stack, ledger),
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

/** One node leads, all others follow it closely, and a commit waits for one of them where it has to; undefined while it is not so. */
export async function whole(stack: Stack): Promise<string | undefined> {
  const { nodes, primary, synchronous: waits } = clusterOf(stack);
  const leader = await primary();
  if (!leader) return undefined;
  // Postgres knows its synchronous standby before the managers have agreed on it, and they promote no other.
  if (waits && !(await Promise.all(nodes.map((node) => node.isSynchronous(500)))).includes(true)) return undefined;
  const client = await stack.postgres.connect();
  try {
    const { rows } = await client.query(`select current_setting('synchronous_standby_names') as waits_for,
      count(*) filter (where state = 'streaming')::int as streaming, count(*) filter (where sync_state <> 'async')::int as synchronous from pg_stat_replication`);
    const { waits_for, streaming, synchronous } = rows[0];
    if (streaming < nodes.length - 1 || (waits_for !== "" && synchronous === 0)) return undefined;
    return `${leader.name} leads, ${streaming} nodes follow it${waits_for === "" ? "" : `, and a commit waits for ${waits_for}`}`;
  } finally {
    await client.end();
  }
}
