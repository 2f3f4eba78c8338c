import { everybodysWork, type Fault, markDown } from "./fault.ts";
import { settingsIn } from "./tools/settings.ts";

const graceMs = 30_000;

export default {
  what: "Every instance of a role is restarted, one by one and out of the balancer's hands, with another `value` of a `setting` (`also`: further ones, NAME=value with commas between), as the next generation of settings (`counter`, `generation`). It stays so.",
  prepare({ stack, ledger, on, options }) {
    const instances = stack.instances().filter(({ role }) => role === on);
    const environment: Record<string, string> = {
      ...{ [String(options.setting)]: String(options.value), [String(options.counter)]: String(options.generation) },
      ...settingsIn(String(options.also ?? ""), ","),
    };
    const allReady = async (): Promise<boolean> => (await Promise.all(instances.map((one) => one.isReady(500)))).every(Boolean);
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        for (const instance of instances) {
          await markDown(stack.balancer, [instance.name]);
          await instance.terminate("SIGTERM", graceMs);
          const became = await instance.startWith(environment);
          if (became !== "ready") throw new Error(`${instance.name} was expected to start with ${JSON.stringify(environment)}: ${became}`);
        }
        await markDown(stack.balancer, []);
      },
      bites: async () =>
        (await allReady()) ? `${instances.map(({ name }) => name).join(" and ")} answer ready with ${JSON.stringify(environment)}` : undefined,
      // An older generation would be kept out.
      heal: async () => {},
      healed: async () => ((await allReady()) ? "all answer ready, with the setting as it is now" : undefined),
      numbers: () => ({ value: Number(options.value) }),
    };
  },
} satisfies Fault;
