import { Agent, request } from "node:http";
import { everybodysWork, type Fault } from "./fault.ts";

const answerWithinMs = 5000;

export default {
  what: "No disturbance but more clients: `connections` are opened to the balancer at once, so that each of its processes has some, and `path` is asked for over one after another, each `everyMs`, until it is healed.",
  prepare({ stack, ledger, options }) {
    const connections = Number(options.connections);
    const { port } = new URL(stack.url);
    const agents = Array.from({ length: connections }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    let answered = 0;
    let workers = 0;
    let timer: NodeJS.Timeout | undefined;
    const ask = (agent: Agent): Promise<void> =>
      new Promise((resolve) => {
        const asking = request(
          { host: "127.0.0.1", port, path: String(options.path), agent, signal: AbortSignal.timeout(answerWithinMs) },
          (response) => {
            response.resume();
            response.on("end", () => {
              answered++;
              resolve();
            });
            response.on("error", () => resolve());
          },
        );
        asking.on("error", () => resolve());
        asking.end();
      });
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const before = (await stack.balancer.requests()).length;
        await Promise.all(agents.map(ask));
        workers = new Set((await stack.balancer.requests()).slice(before).map(({ worker }) => worker)).size;
        let turn = 0;
        timer = setInterval(() => void ask(agents[turn++ % connections] as Agent), Number(options.everyMs)).unref();
      },
      bites: async () =>
        answered >= connections ? `${answered} requests over ${connections} connections were answered, by ${workers} processes at first` : undefined,
      async heal() {
        clearInterval(timer);
        for (const agent of agents) agent.destroy();
      },
      healed: async () => "the connections are closed",
      numbers: () => ({ connections, workers }),
    };
  },
} satisfies Fault;
