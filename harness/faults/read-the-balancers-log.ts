import { type Fault, instanceNamed } from "./fault.ts";
import { type FailuresCounted, failuresCounted } from "./tools/failures-counted.ts";

export default {
  what: "No disturbance but a look: how many requests to an instance failed by the balancer's log, of those that count for `withinMs`, and how many others it has served since without asking the instance.",
  prepare({ stack, on, options }) {
    const { name } = instanceNamed(stack, on);
    let counted: FailuresCounted | undefined;
    return {
      on: name,
      working: () => [name],
      async inject() {
        counted = failuresCounted(await stack.balancer.requests(), name, Number(options.withinMs));
      },
      async bites() {
        if (!counted?.asked) return undefined;
        const { asked, failed, failedAtMost, othersSince, sinceMs } = counted;
        const doubtful = failedAtMost > failed ? ` (and perhaps ${failedAtMost - failed} more)` : "";
        return `${asked} requests were sent to ${name}, of which ${failed} failed${doubtful}; since the last one others answered ${othersSince} in ${sinceMs} ms`;
      },
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({ ...counted }),
    };
  },
} satisfies Fault;
