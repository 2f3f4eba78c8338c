import { setTimeout as later } from "node:timers/promises";
import type { Client } from "pg";
import { until } from "../base/clock.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { askServer, followsClosely, pairOf } from "./tools/pair.ts";

/** Each round archives and removes a segment; on a busy machine a checkpoint takes seconds. */
const goneWithinMs = 60_000;
/** How many segments it stays away for at least. */
const segments = 5;
/** What nothing has moved for that long, and the primary has refused so often, is not on its way. */
const stillMs = 15_000;
const refusedTimes = 3;
/** Whatever else keeps it back is not judged. */
const givenUpMs = 90_000;

/** Every row of a table as it is. */
const rowsIn = (client: Client, table: unknown): Promise<ReadonlySet<string>> =>
  client.query(`select md5(kept::text) as row from ${table} as kept`).then(({ rows }) => new Set(rows.map(({ row }) => row)));
const count = (text: string, words: string): number => text.split(words).length - 1;

export default {
  what: "The standby is killed and stays away until the primary has removed the log that it needs; then it comes back, and every row of the table `from` that the primary has at that moment is looked up on it.",
  layouts: ["standby"],
  ready: ({ stack }) => followsClosely(stack),
  prepare({ stack, ledger, options }) {
    const { primary, standby } = pairOf(stack);
    let missing = "";
    let said = "";
    const counts = {
      segments: 0,
      wroteMeanwhile: 0,
      caughtUp: 0,
      catchUpMs: 0,
      restored: 0,
      refused: 0,
      stillMs: 0,
      rows: 0,
      rowsMissing: 0,
      rowsInvented: 0,
    };
    /** Writes and removes log until the standby's next segment is gone; what was there before. */
    const leave = async (client: Client): Promise<ReadonlySet<string>> => {
      const before = await rowsIn(client, options.from);
      // It cannot have got further than this: what it needs next is in this segment or in one before it.
      const { rows } = await client.query("select pg_walfile_name(pg_current_wal_lsn()) as segment");
      missing = rows[0].segment;
      const gone = async (): Promise<true | undefined> => {
        await client.query("select pg_switch_wal()");
        counts.segments++;
        await client.query("checkpoint");
        const { rows: kept } = await client.query("select count(*)::int as files from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$' and name <= $1", [
          missing,
        ]);
        return (kept[0].files === 0 && counts.segments >= segments) || undefined;
      };
      await until(`The primary was expected to remove its log up to ${missing}`, gone, { withinMs: goneWithinMs, everyMs: 250 });
      return before;
    };
    /** Until it has replayed as far as `to`, or certainly does not. */
    const catchUp = async (to: string, began: number, alreadyLogged: number): Promise<void> => {
      let place = "";
      let movedAt = performance.now();
      for (;;) {
        const looked = await askServer(standby, async (client) => {
          const { rows } = await client.query("select pg_last_wal_replay_lsn()::text as place, pg_last_wal_replay_lsn() >= $1::pg_lsn as there", [
            to,
          ]);
          return rows[0] as { readonly place: string; readonly there: boolean };
        }).catch(() => undefined);
        const now = performance.now();
        const log = (await standby.log()).slice(alreadyLogged);
        counts.restored = count(log, "restored log file");
        counts.refused = count(log, "has already been removed");
        said = log.split("\n").findLast((line) => line.includes("has already been removed")) ?? "";
        if (looked?.there) {
          Object.assign(counts, { caughtUp: 1, catchUpMs: now - began });
          return;
        }
        // What does not answer is not seen standing still.
        if (!looked || looked.place !== place) movedAt = now;
        if (looked) place = looked.place;
        counts.stillMs = now - movedAt;
        if ((counts.stillMs >= stillMs && counts.refused >= refusedTimes) || now - began > givenUpMs) return;
        await later(100);
      }
    };
    return {
      on: standby.name,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        await standby.kill();
        const before = await askServer(primary, leave);
        const alreadyLogged = (await standby.log()).length;
        const began = performance.now();
        await standby.start();
        const [rows, to] = await askServer(primary, async (client) => {
          const there = await rowsIn(client, options.from);
          return [there, (await client.query("select pg_current_wal_insert_lsn()::text as lsn")).rows[0].lsn] as const;
        });
        counts.rows = rows.size;
        counts.wroteMeanwhile = [...rows].filter((row) => !before.has(row)).length;
        await catchUp(to, began, alreadyLogged);
        if (counts.caughtUp === 0) return;
        const copied = await askServer(standby, (client) => rowsIn(client, options.from));
        const now = await askServer(primary, (client) => rowsIn(client, options.from));
        counts.rowsMissing = [...rows].filter((row) => !copied.has(row)).length;
        counts.rowsInvented = [...copied].filter((row) => !now.has(row)).length;
      },
      async bites() {
        if (counts.rows === 0) return undefined;
        const away = `the primary no longer had ${missing} when ${standby.name} came back, and ${counts.wroteMeanwhile} rows of ${options.from} were written meanwhile`;
        if (counts.caughtUp === 0)
          return `${away}; it has not caught up, restored ${counts.restored} segments and was refused ${counts.refused} times: ${said.slice(0, 200)}`;
        return `${away}; it restored ${counts.restored} segments and was there after ${Math.round(counts.catchUpMs)} ms, of ${counts.rows} rows it lacks ${counts.rowsMissing}`;
      },
      heal: async () => {},
      healed: async () =>
        (await askServer(standby, (client) => client.query("select 1"))).rows.length === 1 ? `${standby.name} answers` : undefined,
      numbers: () => counts,
    };
  },
} satisfies Fault;
