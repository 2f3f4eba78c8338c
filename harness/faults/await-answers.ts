import { everybodysWork, type Fault } from "./fault.ts";
import { type Posted, post } from "./tools/post.ts";

/** Beyond what anybody between the client and the work may take; then the client gives up. */
const patienceMs = 30_000;

export default {
  what: "Not a fault but patience: `clients` ask through the balancer for what takes `workMs` (POST of `body` to `path`), all at once, and wait for their answers.",
  prepare({ stack, ledger, options }) {
    let asked: readonly Posted[] = [];
    const workMs = Number(options.workMs);
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const ask = () => post(`${stack.url}${options.path}`, String(options.body), workMs + patienceMs);
        asked = await Promise.all(Array.from({ length: Number(options.clients) }, ask));
      },
      bites: async () => `${asked.filter(({ status }) => status === 200).length} of ${asked.length} clients have their answer`,
      async heal() {},
      healed: async () => "nobody waits any more",
      numbers() {
        const failed = asked.filter(({ status }) => status !== 200).sort((a, b) => a.tookMs - b.tookMs);
        return {
          clients: asked.length,
          workMs,
          // Who is answered before the work can have been done was not made to wait, which is another thing than being cut off.
          early: asked.filter(({ status, tookMs }) => status === 200 && tookMs < workMs).length,
          failed: failed.length,
          ...(failed[0] ? { failedStatus: failed[0].status, failedAfterMs: failed[0].tookMs } : {}),
          slowestMs: Math.max(...asked.map(({ tookMs }) => tookMs)),
        };
      },
    };
  },
} satisfies Fault;
