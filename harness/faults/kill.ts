import { type Fault, instanceNamed, victimOf } from "./fault.ts";

export default {
  what: "SIGKILL of an instance; healed by starting it again under the same name, as a supervisor would.",
  prepare({ stack, ledger, on }) {
    const name = victimOf(ledger, on);
    if (name === undefined) return undefined;
    const instance = instanceNamed(stack, name);
    let pid: number | undefined;
    return {
      on: name,
      working: () => ledger.working(name),
      async inject() {
        pid = instance.pid();
        await instance.kill();
      },
      async bites() {
        const gone = pid !== undefined && instance.pid() === undefined;
        return gone && !(await instance.isReady(300)) ? `process ${pid} is gone and its port refuses` : undefined;
      },
      heal: () => instance.start(),
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined),
    };
  },
} satisfies Fault;
