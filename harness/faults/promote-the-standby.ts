import { setTimeout as later } from "node:timers/promises";
import type { Client } from "pg";
import { until } from "../base/clock.ts";
import type { PostgresServer } from "../drivers/groups.ts";
import { edgesMatching, everybodysWork, type Fault } from "./fault.ts";
import { askServer, followsClosely, pairOf } from "./tools/pair.ts";

/** A copy of the new primary is made and follows it. */
const followsWithinMs = 60_000;
const waitsWithinMs = 15_000;
const probeMs = 1000;

/** From here on a commit waits for the standby, which has confirmed all that was committed before. */
async function makeSynchronous(client: Client): Promise<void> {
  await client.query("alter system set synchronous_standby_names = '*'");
  await client.query("select pg_reload_conf()");
  const inEffect = async (): Promise<true | undefined> => {
    const { rows } = await client.query("select 1 from pg_stat_replication where state = 'streaming' and sync_state = 'sync'");
    return rows.length === 1 || undefined;
  };
  await until("The standby was expected to become the one for which commits wait", inEffect, { withinMs: waitsWithinMs, everyMs: 20 });
  const { rows } = await client.query("select pg_current_wal_insert_lsn()::text as lsn");
  const confirmed = async (): Promise<true | undefined> => {
    const answer = await client.query("select 1 from pg_stat_replication where flush_lsn >= $1", [rows[0].lsn]);
    return answer.rows.length === 1 || undefined;
  };
  await until("The standby was expected to confirm what had been committed", confirmed, { withinMs: waitsWithinMs, everyMs: 10 });
}

/** Whether a commit that asks for it waits for longer than that: what the server's own sessions ask for is its affair. */
async function commitWaits(primary: PostgresServer, forMs: number): Promise<boolean> {
  const client = await primary.connect();
  await client.query("set synchronous_commit = on");
  const committed = client.query("select pg_logical_emit_message(true, 'runproof', 'witness')").then(
    () => true,
    () => false,
  );
  const early = await Promise.race([committed, later(forMs, false, { ref: false })]);
  // Ending it politely would wait for the commit.
  client.connection.stream.destroy();
  return !early;
}

export default {
  what: "Commits are made to wait for the standby, the way to it is cut for `cutMs`, and the primary is killed for good (SIGKILL of its main process); `waitMs` later the standby is promoted and the instances' ways to Postgres lead to it. With `acknowledged: 1` commits wait for nobody, so that the primary has some that the standby never gets. Healed by making the old primary a copy that follows.",
  layouts: ["standby"],
  healsWithinMs: followsWithinMs,
  ready: ({ stack }) => followsClosely(stack),
  prepare({ stack, ledger, options }) {
    const pair = pairOf(stack);
    const { primary, standby, link } = pair;
    const edges = edgesMatching(stack, "*->postgres");
    const counts = { cutMs: 0, commitsWaiting: 0, downMs: 0, promotionMs: 0 };
    let killed = false;
    let promoted = false;
    let ledAtMs: number | undefined;
    const now = (): number => Math.round(performance.now());
    const leadToStandby = async (): Promise<void> => {
      await Promise.all(edges.map((edge) => edge.leadTo(standby.address)));
      await Promise.all(edges.map((edge) => edge.setOpen(true)));
    };
    const takesWrites = (client: Client): Promise<unknown> => client.query("select pg_logical_emit_message(true, 'runproof', 'promoted')");
    return {
      on: "postgres",
      // Attempts under way are written by sessions of this server.
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const waits = options.acknowledged !== 1;
        if (waits) await askServer(primary, makeSynchronous);
        const cutAtMs = now();
        await link.setOpen(false);
        if (!waits) await later(Number(options.cutMs), undefined, { ref: false });
        else if (!(await commitWaits(primary, Number(options.cutMs))))
          throw new Error("A commit was expected to wait for the standby that is cut off, and did not: its loss would accuse nobody.");
        const { rows } = await askServer(primary, (client) =>
          client.query("select count(*)::int as commits from pg_stat_activity where wait_event = 'SyncRep' and application_name <> 'runproof'"),
        );
        const killedAtMs = now();
        killed = true;
        await primary.kill();
        // Nobody is where it was: a proxy that accepts would tell of a server that is there and hangs up.
        await Promise.all(edges.map((edge) => edge.setOpen(false)));
        await later(Number(options.waitMs), undefined, { ref: false });
        const promotedAtMs = now();
        await pair.promote();
        promoted = true;
        await askServer(standby, takesWrites);
        const promotionMs = now() - promotedAtMs;
        await leadToStandby();
        ledAtMs = now();
        Object.assign(counts, {
          ...{ cutMs: killedAtMs - cutAtMs, commitsWaiting: rows[0].commits, downMs: promotedAtMs - killedAtMs, promotionMs },
        });
      },
      async bites() {
        if (ledAtMs === undefined || primary.pid() !== undefined) return undefined;
        const reached = await Promise.all(
          edges.map(async (edge) => {
            using probe = await edge.openProbe(probeMs);
            return await probe.reaches(probeMs);
          }),
        );
        if (!reached.every(Boolean)) return undefined;
        return `${primary.name} is gone, while ${counts.commitsWaiting} commits waited; ${standby.name} took writes ${counts.promotionMs} ms after it was told to, and ${edges.length} edges lead to it`;
      },
      async heal() {
        if (promoted) {
          if (ledAtMs === undefined) await leadToStandby();
          return pair.rejoin();
        }
        // Nobody was promoted, and nobody may be any more before the old primary leads again.
        if (killed) {
          await standby.kill();
          await primary.start();
        }
        await Promise.all([link, ...edges].map((edge) => edge.setOpen(true)));
        await askServer(primary, async (client) => {
          await client.query("alter system reset synchronous_standby_names");
          await client.query("select pg_reload_conf()");
        });
      },
      async healed() {
        const { rows } = await askServer(primary, (client) => client.query("select pg_is_in_recovery() as follows"));
        const close = await followsClosely(stack);
        if (!promoted) return close;
        return close !== undefined && rows[0].follows === true ? `${primary.name} follows ${standby.name}` : undefined;
      },
      numbers: () => ({ ...counts, sinceLedMs: ledAtMs === undefined ? 0 : now() - ledAtMs }),
    };
  },
} satisfies Fault;
