import { request } from "node:http";
import { everybodysWork, type Fault } from "./fault.ts";

const answerWithinMs = 10_000;
const times = 3;

export default {
  what: "No disturbance but a look: JSON bodies as large as `allowed` says (method, path and KiB of each, with commas between), and others one KiB larger, are sent to an instance and through the balancer. They are objects of no use and a lot of blanks: nothing comes of them.",
  prepare({ stack, ledger, options }) {
    const allowed = String(options.allowed)
      .split(",")
      .map((one) => one.trim().split(" ") as [method: string, path: string, kib: string]);
    const front = stack.instances().filter(({ role }) => role === options.role);
    const numbers: Record<string, number> = {};
    const count = (name: string): void => {
      numbers[name] = (numbers[name] ?? 0) + 1;
    };
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const ways = { balancer: [Number(new URL(stack.url).port)], instance: front.map(({ port }) => port) };
        for (const [method, path, kib] of allowed)
          for (const [way, ports] of Object.entries(ways))
            for (let n = 0; n < times; n++)
              for (const more of [0, 1]) {
                const port = ports[n % ports.length] ?? 0;
                const status = await send({ port, method, path, body: blanks((Number(kib) + more) * 1024) });
                const what = status === 0 ? "unanswered" : status === 413 ? "refused" : "taken";
                count(`${way} ${Number(kib) + more} ${what}`);
              }
        for (const [, , kib] of allowed) numbers[`allowed ${kib}`] = Number(kib);
      },
      bites: async () => `bodies of ${allowed.map(([, , kib]) => `${kib} KiB`).join(" and ")} and larger ones were sent`,
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => numbers,
    };
  },
} satisfies Fault;

const blanks = (bytes: number): string => "{}".padEnd(bytes);

/** The status; 0: no answer in time, or cut off before it could be read, as may happen to who is still sending. */
function send({ port, method, path, body }: { readonly port: number; readonly method: string; readonly path: string; readonly body: string }) {
  return new Promise<number>((resolve) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const signal = AbortSignal.timeout(answerWithinMs);
    const sending = request({ host: "127.0.0.1", port, method, path, headers, agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      response.on("error", () => {});
    });
    sending.on("error", () => resolve(0));
    sending.end(body);
  });
}
