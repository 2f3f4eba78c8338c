import { connect } from "node:net";
import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";

const atOnce = 20;
const connectWithinMs = 2000;
/** By then what was sent has been read. */
const readWithinMs = 3;

export default {
  what: "`requests` clients break off their requests to each instance of a role (`method` with `body` to `path`): every second one before it has sent all of it, the others `patienceMs` after, before they can have their answer.",
  prepare({ stack, ledger, on, options }) {
    const instances = stack.instances().filter(({ role, pid }) => role === on && pid() !== undefined);
    if (instances.length === 0) return undefined;
    const [requests, patienceMs] = [Number(options.requests), Number(options.patienceMs)];
    const body = String(options.body);
    const whole = `${options.method} ${options.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const broken = new Map<string, number>();
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const breakOffAll = async (name: string, port: number): Promise<void> => {
          let left = requests;
          let tries = 2 * requests;
          const client = async (): Promise<void> => {
            while (left > 0 && tries-- > 0) {
              left -= 1;
              const hasBegun = left % 2 === 0 ? breakOff(port, whole, patienceMs) : breakOff(port, whole.slice(0, -1), readWithinMs);
              if (await hasBegun) broken.set(name, (broken.get(name) ?? 0) + 1);
              else left += 1;
            }
          };
          await Promise.all(Array.from({ length: atOnce }, client));
        };
        await Promise.all(instances.map(({ name, port }) => breakOffAll(name, port)));
      },
      async bites() {
        const fewest = Math.min(...instances.map(({ name }) => broken.get(name) ?? 0));
        return fewest >= requests ? `${fewest} requests to each of ${instances.length} instances were broken off` : undefined;
      },
      heal: async () => {},
      healed: async () => "nobody sends anything any more",
      numbers: () => Object.fromEntries(instances.map(({ name }) => [`${name} brokenOff`, broken.get(name) ?? 0])),
    };
  },
} satisfies Fault;

/** Whether the request had begun when it was broken off. */
async function breakOff(port: number, sent: string, afterMs: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1", timeout: connectWithinMs });
  const begun = Promise.withResolvers<boolean>();
  socket.once("error", () => begun.resolve(false));
  socket.once("timeout", () => begun.resolve(false));
  socket.write(sent, (error) => begun.resolve(!error));
  const hasBegun = await begun.promise;
  if (hasBegun && afterMs > 0) await later(afterMs);
  socket.resetAndDestroy();
  return hasBegun;
}
