import { type Fault, instanceNamed } from "./fault.ts";

export default {
  what: "An instance may open no descriptor beyond those it has: what is connected goes on, nothing new is accepted or opened.",
  prepare({ stack, ledger, on }) {
    const instance = instanceNamed(stack, on);
    let restore: (() => Promise<void>) | undefined;
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        restore = await instance.limitDescriptors(0);
      },
      bites: async () =>
        instance.pid() !== undefined && !(await instance.isReady(500))
          ? `process ${instance.pid()} keeps its ${instance.descriptors()} descriptors, and a new connection was not answered`
          : undefined,
      heal: async () => restore?.(),
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers a new connection` : undefined),
    };
  },
} satisfies Fault;
