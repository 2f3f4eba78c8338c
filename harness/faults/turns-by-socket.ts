import { everybodysWork, type Fault } from "./fault.ts";
import { type Conversation, converse } from "./tools/converse.ts";
import { askFrom } from "./tools/from-address.ts";

/** Of each agent, on as many instances. */
const clientsOfEach = 2;

export default {
  what: "Not a fault but clients: for `lastsMs` they speak (`say`) to `agents` agents over WebSockets (`path`, with the agent's number for #), each agent's on two instances, past the balancer; their words are answered by `accepted`, or are not taken. The agents have been made before (PUT of `make`).",
  prepare({ stack, ledger, on, options }) {
    const instances = stack.instances().filter(({ role }) => role === on);
    const of = (name: string, agent: number): string => String(options[name]).replace("#", String(agent));
    const numbers: Record<string, number> = {};
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const words = { say: String(options.say), accepted: String(options.accepted) };
        const talk = async (agent: number, nth: number): Promise<Conversation & { readonly with: string }> => {
          const { name, port } = instances[(agent + nth) % instances.length] as (typeof instances)[number];
          await askFrom("127.0.0.1", { port, path: of("make", agent), method: "PUT" });
          return { with: name, ...(await converse(`ws://127.0.0.1:${port}${of("path", agent)}`, words, Number(options.lastsMs))) };
        };
        const clients = Array.from({ length: Number(options.agents) * clientsOfEach }, (_, i) =>
          talk(1 + Math.floor(i / clientsOfEach), i % clientsOfEach),
        );
        const all = await Promise.all(clients);
        for (const { name } of instances) {
          const own = all.filter((one) => one.with === name);
          numbers[`${name} accepted`] = own.reduce((sum, { accepted }) => sum + accepted, 0);
          numbers[`${name} refused`] = own.reduce((sum, { refused }) => sum + refused, 0);
        }
      },
      // One instance that took nothing shows nothing of what is kept apart across them.
      bites: async () =>
        instances.every(({ name }) => (numbers[`${name} accepted`] ?? 0) > 0)
          ? `accepted: ${instances.map(({ name }) => `${numbers[`${name} accepted`]} by ${name}`).join(", ")}`
          : undefined,
      async heal() {},
      healed: async () => "nobody speaks any more",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
