import { createParser } from "eventsource-parser";
import { everybodysWork, type Fault } from "./fault.ts";

/** Beyond what anybody between the client and the work may take; then the client gives up. */
const patienceMs = 10_000;

interface Streamed {
  /** The answer's last event came, and no sooner than the work can have been done. */
  readonly isWhole: boolean;
  /** In the last `workMs` until the answer's last event: the longest time without any event. */
  readonly silentMs: number;
}

export default {
  what: "Not a fault but a look: `clients` ask through the balancer, all at once, for an answer that takes `workMs`, tells of it event by event all the while (POST of `body` to `path`) and ends with an event called `last`; when the events came is noted.",
  prepare({ stack, ledger, options }) {
    let asked: readonly Streamed[] = [];
    const workMs = Number(options.workMs);
    const whole = (): readonly Streamed[] => asked.filter(({ isWhole }) => isWhole);
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const ask = () => stream(`${stack.url}${options.path}`, String(options.body), String(options.last), workMs);
        asked = await Promise.all(Array.from({ length: Number(options.clients) }, ask));
      },
      bites: async () => `${whole().length} of ${asked.length} clients have their answer to its last event`,
      async heal() {},
      healed: async () => "nobody waits any more",
      numbers: () => ({
        clients: asked.length,
        workMs,
        whole: whole().length,
        ...(whole().length === 0 ? {} : { silentMs: Math.max(...whole().map(({ silentMs }) => silentMs)) }),
      }),
    };
  },
} satisfies Fault;

/** Never throws. */
async function stream(url: string, body: string, last: string, workMs: number): Promise<Streamed> {
  const sent = performance.now();
  const times: number[] = [];
  let ended = Number.NaN;
  const parser = createParser({
    onEvent({ event }) {
      const now = performance.now();
      times.push(now);
      if (event === last) ended = now;
    },
  });
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
  const signal = AbortSignal.timeout(workMs + patienceMs);
  await fetch(url, { method: "POST", headers, body, signal })
    .then(async (answer) => {
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) parser.feed(chunk);
    })
    .catch(() => {});
  // Before that it waited for its turn.
  const began = ended - workMs;
  const moments = [began, ...times.filter((time) => time > began)];
  return { isWhole: began >= sent, silentMs: Math.max(...moments.slice(1).map((time, n) => time - (moments[n] ?? began))) };
}
