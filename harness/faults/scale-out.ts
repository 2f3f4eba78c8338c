import { until } from "../base/clock.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const switchWithinMs = 5000;

export default {
  what: "Not a fault but a change of the topology: instances of the role behind the balancer are added until there are `to` of them, and the balancer reads its configuration anew.",
  prepare({ stack, ledger, on, options }) {
    const { balancer } = stack;
    const to = Number(options.to);
    const count = (): number => stack.instances().filter(({ role }) => role === on).length;
    const from = count();
    let written = "";
    const answersAsWritten = async (): Promise<string | undefined> =>
      (await balancer.version(500)) === written
        ? `there are ${count()} ${on} instances, and version ${written} of the configuration answers`
        : undefined;
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        while (count() < to) await stack.addInstance(on);
        written = await balancer.reload();
        await until(`The balancer was expected to switch to version ${written}`, answersAsWritten, { withinMs: switchWithinMs });
      },
      bites: answersAsWritten,
      // They stay.
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({ from, to: count() }),
    };
  },
} satisfies Fault;
