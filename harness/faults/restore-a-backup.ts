import type { Client } from "pg";
import { until } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { clusters } from "../core/experiment.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { clusterOf, followsWithinMs, whole } from "./tools/cluster.ts";
import { asOutsider } from "./tools/outsider.ts";

const canaries = 300;
const archivedWithinMs = 30_000;
const point = "runproof";

export default {
  what: "The primary is copied under load, with the option `switchover: 1` another node takes over, a moment is named between acknowledged writes of the harness, and a server is restored to it from the copy and the archive; `from` is a table with numbers `seq` that has to be there as it was.",
  layouts: clusters,
  needs: ["backups"],
  healsWithinMs: followsWithinMs,
  prepare({ stack, ledger, options }) {
    const cluster = clusterOf(stack);
    const counts = { before: 0, after: 0, keptBefore: 0, keptAfter: 0, rows: 0, rowsMissing: 0, rowsInvented: 0, restored: 0, restoreMs: 0 };
    let why = "";
    const insert = async (client: Client, from: number): Promise<number> => {
      for (let n = from; n < from + canaries; n++) await client.query("insert into runproof_canaries values ($1)", [n]);
      return canaries;
    };
    const numbersIn = async (client: Client): Promise<ReadonlySet<string>> =>
      new Set((await client.query(`select seq from ${options.from}`)).rows.map(({ seq }) => String(seq)));
    /** What there was at the moment, or a little less. */
    const writeAround = (client: Client): Promise<ReadonlySet<string>> =>
      (async () => {
        await client.query("create table runproof_canaries (n int)");
        counts.before = await insert(client, 0);
        const rows = await numbersIn(client);
        await client.query("select pg_create_restore_point($1)", [point]);
        counts.after = await insert(client, canaries);
        const segment = (await client.query("select pg_walfile_name(pg_switch_wal()) as name")).rows[0].name;
        const archived = async (): Promise<true | undefined> => {
          const { rows: told } = await client.query("select last_archived_wal as name from pg_stat_archiver");
          return String(told[0].name) >= segment || undefined;
        };
        await until("The log was expected to be archived", archived, { withinMs: archivedWithinMs });
        return rows;
      })();
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (!cluster.backUp) throw new Error("A Postgres was expected that can be copied and restored, and the driver's cannot.");
        const backup = await cluster.backUp();
        if (options.switchover === 1) await cluster.switchover();
        await stack.postgres.start();
        const rows = await asOutsider(stack, writeAround);
        const began = performance.now();
        try {
          await using server = await backup.restore(point);
          counts.restored = 1;
          counts.restoreMs = performance.now() - began;
          const client = await server.connect();
          try {
            const { rows: kept } = await client.query(
              "select count(*) filter (where n < $1)::int as before, count(*) filter (where n >= $1)::int as after from runproof_canaries",
              [canaries],
            );
            counts.keptBefore = kept[0].before;
            counts.keptAfter = kept[0].after;
            const there = await numbersIn(client);
            const now = await asOutsider(stack, numbersIn);
            counts.rows = rows.size;
            counts.rowsMissing = [...rows].filter((seq) => !there.has(seq)).length;
            counts.rowsInvented = [...there].filter((seq) => !now.has(seq)).length;
          } finally {
            await client.end();
          }
        } catch (error) {
          why = messageOf(error);
        }
      },
      async bites() {
        if (counts.restored === 0) return `nothing was restored: ${why.slice(0, 300)}`;
        return `restored after ${Math.round(counts.restoreMs)} ms: it has ${counts.keptBefore} of ${counts.before} writes from before the moment and ${counts.keptAfter} from after it, and of ${counts.rows} rows of ${options.from} it lacks ${counts.rowsMissing}`;
      },
      heal: () => asOutsider(stack, async (client) => void (await client.query("drop table if exists runproof_canaries"))),
      healed: () => whole(stack),
      numbers: () => counts,
    };
  },
} satisfies Fault;
