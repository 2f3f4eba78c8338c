import { everybodysWork, type Fault, instanceNamed } from "./fault.ts";
import { askFrom } from "./tools/from-address.ts";
import { type Answers, homesOf } from "./tools/homes.ts";

/** ip_hash looks at the first three numbers of an address. */
const addresses = Array.from({ length: 60 }, (_, i) => `127.${100 + i}.7.1`);
const asksBefore = 5;
const asksAfter = 3;

export default {
  what: "Clients of 60 addresses ask for `path` through another balancer, which chooses instances by `balancing`, again and again, and are told by `header` who answered; then the instance dies, and they ask once more.",
  needs: ["client addresses"],
  prepare({ stack, ledger, on, options }) {
    const victim = instanceNamed(stack, on);
    const numbers: Record<string, number> = {};
    let other: AsyncDisposable | undefined;
    return {
      on: victim.name,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = await stack.addBalancer({ balancing: options.balancing });
        other = balancer;
        const ask = async (times: number): Promise<Answers> => {
          const by = new Map<string, Set<string>>(addresses.map((address) => [address, new Set()]));
          for (let i = 0; i < times; i++) {
            const one = async (address: string) => {
              const { status, headers } = await askFrom(address, { port: balancer.port, path: String(options.path) });
              by.get(address)?.add(status === 200 ? String(headers[String(options.header)] ?? "") : "");
            };
            await Promise.all(addresses.map(one));
          }
          return by;
        };
        const before = await ask(asksBefore);
        await victim.kill();
        const after = await ask(asksAfter);
        Object.assign(numbers, homesOf(before, after, victim.name));
      },
      bites: async () =>
        victim.pid() === undefined ? `${victim.name}, which answered ${numbers.lost} of ${numbers.addresses} addresses, is gone` : undefined,
      async heal() {
        await other?.[Symbol.asyncDispose]();
        await victim.start();
      },
      healed: async () => ((await victim.isReady(500)) ? `${victim.name} is back` : undefined),
      numbers: () => numbers,
    };
  },
} satisfies Fault;
