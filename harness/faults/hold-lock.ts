import type { Client } from "pg";
import { everybodysWork, type Fault } from "./fault.ts";
import { sqlStateOf } from "./tools/outsider.ts";

const lockNotAvailable = "55P03";

export default {
  what: "An outsider's open transaction holds a lock on `table`: on all of it (access exclusive), or on the rows that meet the condition `where`.",
  prepare({ stack, ledger, options }) {
    const { table, where } = options;
    const lock = where === undefined ? `lock table ${table} in access exclusive mode` : `select 1 from ${table} where ${where} for update`;
    const ask = (sql: string): Promise<string> => sqlStateOf(stack, `begin; ${sql} nowait; rollback`);
    const read = `lock table ${table} in access share mode`;
    let holder: Client | undefined;
    let rows = 0;
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        holder = await stack.postgres.connect();
        await holder.query("begin");
        rows = (await holder.query(lock)).rowCount ?? 0;
      },
      async bites() {
        if (where === undefined) return (await ask(read)) === lockNotAvailable ? `nobody else may even read ${table}` : undefined;
        // Who asks for the same rows now may find others that meet the condition: only rows that are held refuse.
        const held = rows > 0 && (await ask(lock)) === lockNotAvailable;
        return held ? `nobody else may lock ${rows} rows of ${table}` : undefined;
      },
      async heal() {
        await holder?.query("rollback");
        await holder?.end();
      },
      healed: async () => ((await ask(read)) === "" ? `${table} may be read` : undefined),
      numbers: () => (where === undefined ? {} : { rows }),
    };
  },
} satisfies Fault;
