import { type Fault, instanceNamed } from "./fault.ts";

const graceMs = 30_000;

export default {
  what: "An instance comes back from a restart with another value of a setting (`setting`, `value`) than all others; healed by starting it as before.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const { setting, value } = options;
    let became = "";
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        await instance.terminate("SIGTERM", graceMs);
        became = await instance.startWith({ [String(setting)]: String(value) });
      },
      async bites() {
        const admitted = await instance.isReady(500);
        if (admitted !== (became === "ready")) return undefined;
        return `started with ${setting}=${value}: ${admitted ? `process ${instance.pid()} answers ready` : `it was kept out. ${became}`}`;
      },
      async heal() {
        if (instance.pid() !== undefined) await instance.terminate("SIGTERM", graceMs);
        await instance.start();
      },
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined),
      numbers: () => ({ admitted: became === "ready" ? 1 : 0 }),
    };
  },
} satisfies Fault;
