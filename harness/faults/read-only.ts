import { everybodysWork, type Fault } from "./fault.ts";
import { asOutsider, sqlStateOf } from "./tools/outsider.ts";

const readOnlyTransaction = "25006";
/** Leaves nothing behind where it succeeds. */
const write = "begin; create table runproof_probe (); rollback";

export default {
  what: "Postgres takes no writes: default_transaction_read_only is set for every session, old and new, as on a server that was demoted.",
  prepare({ stack, ledger }) {
    const set = (to: string): Promise<void> =>
      asOutsider(stack, async (client) => {
        await client.query(`alter system ${to}`);
        await client.query("select pg_reload_conf()");
      });
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      inject: () => set("set default_transaction_read_only = on"),
      bites: async () => ((await sqlStateOf(stack, write)) === readOnlyTransaction ? `a write is refused with ${readOnlyTransaction}` : undefined),
      heal: () => set("reset default_transaction_read_only"),
      healed: async () => ((await sqlStateOf(stack, write)) === "" ? "takes writes" : undefined),
    };
  },
} satisfies Fault;
