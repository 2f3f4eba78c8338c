import { clusters } from "../core/experiment.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { clusterOf } from "./tools/cluster.ts";

export default {
  what: "SIGKILL of what leads clients to the primary; healed by starting it again on the same address.",
  layouts: clusters,
  prepare({ stack, ledger }) {
    const { entry } = clusterOf(stack);
    let pid: number | undefined;
    return {
      on: "postgres",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        pid = entry.pid();
        await entry.kill();
      },
      bites: async () => (pid !== undefined && entry.pid() === undefined ? `process ${pid} of ${entry.name} is gone` : undefined),
      heal: () => entry.start(),
      healed: async () => (entry.pid() === undefined ? undefined : `process ${entry.pid()} of ${entry.name} listens`),
    };
  },
} satisfies Fault;
