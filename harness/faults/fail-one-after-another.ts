import { Agent } from "node:http";
import { until } from "../base/clock.ts";
import { type Fault, instanceNamed } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";

const downWithinMs = 15_000;
const everyMs = 10;

export default {
  what: "Not a fault but a count: another balancer has `connections` opened to it at once, so that each of its processes has some; once the instance is down (another fault's work) `path` is asked for over them in turn, `requests` times, each when the one before has been answered.",
  prepare({ stack, on, options }) {
    const instance = instanceNamed(stack, on);
    const agents = Array.from({ length: Number(options.connections) }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const open = new AsyncDisposableStack();
    const numbers: Record<string, number> = {};
    return {
      on: instance.name,
      working: () => [instance.name],
      async inject() {
        open.defer(() => agents.forEach((agent) => void agent.destroy()));
        const balancer = open.use(await stack.addBalancer({}));
        const ask = (agent: Agent | undefined) => askFrom("127.0.0.1", { port: balancer.port, path: String(options.path), agent });
        await Promise.all(agents.map(ask));
        const before = await balancer.requests();
        const isDown = async (): Promise<true | undefined> => instance.pid() === undefined || undefined;
        await until(`${instance.name} was expected to be ended by another fault`, isDown, { withinMs: downWithinMs, everyMs });
        for (let n = 0; n < Number(options.requests); n++) await ask(agents[n % agents.length]);
        const after = (await balancer.requests()).slice(before.length);
        const tries = after.flatMap((one) => one.tries.filter((tried) => tried.on === instance.name));
        Object.assign(numbers, {
          ...{ workers: new Set(before.map(({ worker }) => worker)).size, requests: after.length },
          ...{
            failed: tries.filter(({ outcome }) => outcome === "failed").length,
            unclear: tries.filter(({ outcome }) => outcome === "unknown").length,
          },
        });
      },
      bites: async () =>
        numbers.requests === undefined
          ? undefined
          : `${numbers.requests} requests over ${agents.length} connections to ${numbers.workers} processes, of which ${numbers.failed} were sent to ${instance.name} and failed`,
      heal: () => open.disposeAsync(),
      healed: async () => "the other balancer is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
