import type { Client } from "pg";
import { messageOf } from "../base/errors.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { answersSelectOne, sqlStateOf } from "./tools/outsider.ts";

const atOnce = 16;
const tooMany = "53300";

export default {
  what: "An outsider takes every connection that Postgres has left, up to max_connections. Who has one keeps it, nobody gets another.",
  prepare({ stack, ledger }) {
    const taken: Client[] = [];
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (let refused = false; !refused; ) {
          const results = await Promise.allSettled(Array.from({ length: atOnce }, () => stack.postgres.connect()));
          for (const result of results) {
            if (result.status === "fulfilled") taken.push(result.value);
            else if ((result.reason as { code?: string }).code === tooMany) refused = true;
            else throw new Error(`Postgres was expected to refuse with ${tooMany} and did otherwise: ${messageOf(result.reason)}`);
          }
        }
      },
      bites: async () =>
        (await sqlStateOf(stack, "select 1")) === tooMany
          ? `an outsider holds ${taken.length} connections, and one more is refused with ${tooMany}`
          : undefined,
      heal: async () => void (await Promise.all(taken.splice(0).map((client) => client.end()))),
      healed: () => answersSelectOne(stack),
      numbers: () => ({ connections: taken.length }),
    };
  },
} satisfies Fault;
