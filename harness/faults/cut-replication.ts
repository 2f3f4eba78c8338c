import type { Client } from "pg";
import { until } from "../base/clock.ts";
import { clusters } from "../core/experiment.ts";
import type { Toxic } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { clusterOf, followsWithinMs, leaderOf, whole } from "./tools/cluster.ts";

const both = (type: Toxic["type"], attributes: Toxic["attributes"]): readonly Toxic[] =>
  (["upstream", "downstream"] as const).map((stream) => ({ type, stream, attributes }));
const lookMs = 200;

/** Waits until so many standbys have confirmed what had been committed by now: on a busy machine they are behind before anything is cut. */
async function confirmed(client: Client, standbys: number): Promise<void> {
  const { rows } = await client.query("select pg_current_wal_flush_lsn()::text as lsn");
  const have = async (): Promise<true | undefined> => {
    const answer = await client.query("select count(*)::int as confirmed from pg_stat_replication where flush_lsn >= $1", [rows[0].lsn]);
    return answer.rows[0].confirmed >= standbys || undefined;
  };
  await until(`${standbys} standbys were expected to confirm what had been committed`, have, { withinMs: 10_000, everyMs: 10 });
}

interface Look {
  readonly atMs: number;
  readonly confirmed: string;
}

export default {
  what: "The primary's standbys hear nothing more of it, on connections that stay open; with the option `closed: 1` their connections are refused, with `latencyMs` everything arrives so much later.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  prepare({ stack, ledger, options }) {
    const latencyMs = Number(options.latencyMs ?? 0);
    const undo: (() => Promise<void>)[] = [];
    let client: Client | undefined;
    let name = "";
    let before: Look | undefined;
    let behind = 0;
    return {
      on: "replication",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const primary = await leaderOf(stack);
        const { link } = primary;
        name = primary.name;
        client = await primary.connect();
        await confirmed(client, clusterOf(stack).nodes.length - 1);
        if (options.closed === 1) {
          await link.setOpen(false);
          undo.push(() => link.setOpen(true));
        } else {
          const toxics = latencyMs > 0 ? both("latency", { latency: latencyMs, jitter: 0 }) : both("timeout", { timeout: 0 });
          for (const toxic of toxics) undo.push(await link.addToxic(toxic));
        }
      },
      async bites() {
        const { rows } = await (client as Client).query(`select count(*)::int as standbys, coalesce(max(flush_lsn)::text, '') as confirmed,
          coalesce(pg_current_wal_lsn() - max(flush_lsn), 0)::float8 as behind, coalesce(extract(epoch from min(flush_lag)), 0)::float8 * 1000 as lag_ms from pg_stat_replication`);
        const { standbys, confirmed, lag_ms } = rows[0];
        behind = rows[0].behind;
        if (options.closed === 1) return standbys === 0 ? `no standby is connected to ${name}` : undefined;
        if (latencyMs > 0) return lag_ms >= latencyMs ? `what ${name} writes is confirmed after ${Math.round(lag_ms)} ms` : undefined;
        const nowMs = performance.now();
        // The last that came through had still to be confirmed.
        const since: Look = before !== undefined && before.confirmed === confirmed ? before : { atMs: nowMs, confirmed };
        before = since;
        const silent = behind > 0 && nowMs - since.atMs >= lookMs;
        return silent ? `${standbys} standbys have confirmed nothing of ${name} for ${lookMs} ms and are ${behind} bytes behind` : undefined;
      },
      async heal() {
        client?.connection.stream.destroy();
        for (const undone of undo.splice(0)) await undone();
      },
      healed: () => whole(stack),
      numbers: () => ({ behindBytes: behind }),
    };
  },
} satisfies Fault;
