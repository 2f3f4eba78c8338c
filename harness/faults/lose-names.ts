import type { Fault } from "./fault.ts";
import { containerNamed } from "./tools/container.ts";

export default {
  what: "The name service of an instance's container answers nothing, and the sessions it has in Postgres end: each new connection needs a name that nobody resolves.",
  needs: ["containers"],
  prepare({ stack, ledger, on, options }) {
    const container = containerNamed(stack, on);
    const name = String(options.name ?? "postgres");
    let giveBack = async (): Promise<void> => {};
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        giveBack = await container.loseNames();
        const session = await stack.postgres.connect();
        await session.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [on]).finally(() => session.end());
      },
      async bites() {
        const why = await container.whyUnresolved(name);
        return why === undefined ? undefined : `${name} is not resolved inside ${on}: ${why}`;
      },
      heal: () => giveBack(),
      // Whether the instance makes use of it is for a checker to say.
      healed: async () => ((await container.whyUnresolved(name)) === undefined ? `${name} is resolved inside ${on}` : undefined),
    };
  },
} satisfies Fault;
