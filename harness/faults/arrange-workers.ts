import { until } from "../base/clock.ts";
import type { Instance } from "../drivers/stack.ts";
import { everybodysWork, type Fault } from "./fault.ts";

const graceMs = 30_000;
const switchWithinMs = 5000;

export default {
  what: "Not a fault but a change of the topology: there are `instances` instances of the role behind the balancer (never fewer than before), each of `workers` workers (the target's `workersSetting`), each of which takes so many requests at once (`setting`, `value`).",
  prepare({ stack, ledger, on, options }) {
    const { balancer } = stack;
    const [wanted, workers] = [Number(options.instances), Number(options.workers)];
    const environment = { [String(options.workersSetting)]: String(workers), [String(options.setting)]: String(options.value) };
    const there = (): readonly Instance[] => stack.instances().filter(({ role }) => role === on);
    let written = "";
    const answersAsWritten = async (): Promise<string | undefined> =>
      (await balancer.version(500)) === written
        ? `there are ${there().length} ${on} instances of ${workers} workers, and version ${written} of the configuration answers`
        : undefined;
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        while (there().length < wanted) await stack.addInstance(on);
        for (const instance of there()) {
          await instance.terminate("SIGTERM", graceMs);
          const became = await instance.startWith(environment);
          if (became !== "ready") throw new Error(`${instance.name} was expected to start with ${JSON.stringify(environment)}. ${became}`);
        }
        written = await balancer.reload();
        await until(`The balancer was expected to switch to version ${written}`, answersAsWritten, { withinMs: switchWithinMs });
      },
      bites: answersAsWritten,
      // They stay.
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({ instances: there().length, workers }),
    };
  },
} satisfies Fault;
