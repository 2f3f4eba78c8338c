import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";
import { type Asked, askFrom } from "./tools/from-address.ts";

const greedy = ["127.11.0.1", "127.12.0.1", "127.13.0.1"];
const modest = ["127.21.0.1", "127.22.0.1"];
const greedyFirst = 45;
const greedyEveryMs = 40;
const modestEveryMs = 250;
const forMs = 4000;
const refused = 429;

export default {
  what: "Not a fault but a limit: another balancer lets each client address ask `perSecond` times and in bursts of `burst`, and clients of several addresses ask it for one `path` after the other (a list, separated by commas), some far too often and some seldom.",
  needs: ["client addresses"],
  prepare({ stack, ledger, options }) {
    const rateLimit = { perSecond: Number(options.perSecond), burst: Number(options.burst) };
    const numbers: Record<string, number> = {};
    let limiting: AsyncDisposable | undefined;
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = await stack.addBalancer({ rateLimit });
        limiting = balancer;
        const paths = String(options.path).split(",");
        let asked = 0;
        const ask = (address: string): Promise<Asked> => askFrom(address, { port: balancer.port, path: paths[asked++ % paths.length] ?? "" });
        const clients = [
          ...greedy.map(async (address) => note("greedy", address, await askOften(() => ask(address), greedyFirst, greedyEveryMs))),
          ...modest.map(async (address) => note("modest", address, await askOften(() => ask(address), 1, modestEveryMs))),
        ];
        for (const one of await Promise.all(clients)) Object.assign(numbers, one);
      },
      bites: async () => `clients of ${greedy.length + modest.length} addresses asked for ${forMs} ms`,
      heal: async () => limiting?.[Symbol.asyncDispose](),
      healed: async () => "the other balancer is gone",
      numbers: () => ({ ...rateLimit, ...numbers }),
    };
  },
} satisfies Fault;

/** So many at once, then one each `everyMs`; in the order of sending. */
async function askOften(ask: () => Promise<Asked>, first: number, everyMs: number): Promise<readonly Asked[]> {
  const asked = Array.from({ length: first }, ask);
  const ends = performance.now() + forMs;
  while (performance.now() < ends) {
    await later(everyMs);
    asked.push(ask());
  }
  return Promise.all(asked);
}

/** Times are ms since the client's first request was sent. When each came to the balancer lies between its sending and its answer. */
function note(kind: "greedy" | "modest", address: string, all: readonly Asked[]): Record<string, number> {
  const began = all[0]?.sentAt ?? 0;
  const answered = all.filter(({ status }) => status !== 0);
  const admitted = answered.filter(({ status }) => status !== refused);
  // At a refusal the bucket is full: from one to the next it may have run empty, if that is long enough.
  const full = answered.filter(({ status }) => status === refused);
  const gaps = full.slice(1).map(({ doneAt }, i) => doneAt - (full[i]?.sentAt ?? 0));
  const told = {
    sent: all.length,
    unanswered: all.length - answered.length,
    admitted: admitted.length,
    refused: full.length,
    firstRefusedDoneMs: full.length === 0 ? 0 : Math.min(...full.map(({ doneAt }) => doneAt)) - began,
    lastDoneMs: Math.max(...all.map(({ doneAt }) => doneAt)) - began,
    slowestAdmittedMs: Math.max(0, ...admitted.map(({ sentAt, doneAt }) => doneAt - sentAt)),
    lastRefusedSentMs: Math.max(0, ...full.map(({ sentAt }) => sentAt - began)),
    longestGapMs: Math.max(0, ...gaps),
  };
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [`${kind} ${address} ${name}`, value]));
}
