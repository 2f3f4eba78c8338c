import { until } from "../base/clock.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const graceMs = 30_000;
const switchWithinMs = 5000;

export default {
  what: "Not a fault but a change of the topology: instances of the role behind the balancer are added until there are `to` of them, each with a limit of its own (`setting`, `value`), and the balancer reads its configuration anew. With none to add, those that are there are started anew with the limit.",
  prepare({ stack, ledger, on, options }) {
    const { balancer } = stack;
    const { setting, value } = options;
    const there = (): readonly (typeof added)[number][] => stack.instances().filter(({ role }) => role === on);
    const added: Awaited<ReturnType<typeof stack.addInstance>>[] = [];
    let written = "";
    const answersAsWritten = async (): Promise<string | undefined> =>
      (await balancer.version(500)) === written
        ? `there are ${there().length} ${on} instances with ${setting}=${value}, and version ${written} of the configuration answers`
        : undefined;
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        while (there().length < Number(options.to)) added.push(await stack.addInstance(on));
        for (const instance of added.length > 0 ? added : there()) {
          await instance.terminate("SIGTERM", graceMs);
          const became = await instance.startWith({ [String(setting)]: String(value) });
          if (became !== "ready") throw new Error(`${instance.name} was expected to start with ${setting}=${value}. ${became}`);
        }
        written = await balancer.reload();
        await until(`The balancer was expected to switch to version ${written}`, answersAsWritten, { withinMs: switchWithinMs });
      },
      bites: answersAsWritten,
      // They stay.
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({ instances: there().length }),
    };
  },
} satisfies Fault;
