import { type Fault, instanceNamed } from "./fault.ts";

/** Longer than any instance may take to stop; then it is killed, and the record says so. */
const graceMs = 30_000;

export default {
  what: "A polite end (option `signal`: SIGINT or SIGTERM), as a deployment or a scale-down does; healed by starting the instance again under the same name.",
  prepare({ stack, ledger, on, options }) {
    const instance = instanceNamed(stack, on);
    const signal = options.signal === "SIGINT" ? "SIGINT" : "SIGTERM";
    let ended = { how: "", afterMs: 0 };
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        ended = await instance.terminate(signal, graceMs);
      },
      bites: async () =>
        instance.pid() === undefined && !(await instance.isReady(300))
          ? `${signal}: the process ended with ${ended.how} after ${Math.round(ended.afterMs)} ms and its port refuses`
          : undefined,
      heal: () => instance.start(),
      healed: async () => ((await instance.isReady(500)) ? `process ${instance.pid()} answers ready` : undefined),
      numbers: () => ({ exitStatus: /^exit (\d+)$/.test(ended.how) ? Number(ended.how.slice(5)) : -1, exitAfterMs: ended.afterMs }),
    };
  },
} satisfies Fault;
