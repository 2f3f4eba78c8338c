import type { StopMode } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { asksForHealth } from "./tools/health-page.ts";
import { answersSelectOne } from "./tools/outsider.ts";

/** A smart shutdown waits for clients that never leave; after this long it becomes a fast one. */
const smartGraceMs = 3000;

export default {
  what: "Postgres is stopped (mode smart, fast, immediate or kill), stays down for a time and is started again on the same data. Where `page` is given, every instance is asked for its health meanwhile.",
  layouts: ["single"],
  prepare(context) {
    const { stack, ledger, options } = context;
    const mode = options.mode as StopMode;
    const { postgres } = stack;
    let how = "";
    return {
      on: "postgres",
      // Attempts under way are written by sessions of this server.
      working: () => everybodysWork(stack, ledger),
      async inject() {
        how = (await postgres.stop?.(mode, smartGraceMs)) ?? "nothing: several servers replace each other";
      },
      bites: async () =>
        !postgres.isRunning() && !(await answersSelectOne(stack))
          ? `${mode} shutdown: the postmaster ended with ${how} and its port refuses`
          : undefined,
      during: asksForHealth(context, "postgres"),
      heal: () => postgres.start(),
      healed: () => answersSelectOne(stack),
    };
  },
} satisfies Fault;
