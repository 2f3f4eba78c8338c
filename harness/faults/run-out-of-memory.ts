import { type Fault, instanceNamed } from "./fault.ts";
import { containerNamed } from "./tools/container.ts";

export default {
  what: "The memory limit of an instance's container comes down to `spareMiB` above what it uses, more is asked for, and the kernel ends the instance (OOM kill); healed by the old limit and a new start.",
  needs: ["containers"],
  prepare({ stack, ledger, on, options }) {
    const container = containerNamed(stack, on);
    const instance = instanceNamed(stack, on);
    let restore = async (): Promise<void> => {};
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        restore = await container.runOutOfMemory(Number(options.spareMiB ?? 4));
      },
      bites: async () =>
        instance.pid() === undefined && (await container.endedForMemory()) && !(await instance.isReady(300))
          ? `the kernel ended ${on} for its memory, and its port refuses`
          : undefined,
      async heal() {
        await restore();
        await instance.start();
      },
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined),
    };
  },
} satisfies Fault;
