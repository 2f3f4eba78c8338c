import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "The load balancer reads its configuration anew, as it does when instances are added. There is nothing to heal.",
  prepare({ stack, ledger }) {
    const { balancer } = stack;
    let written = "";
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        written = await balancer.reload([]);
      },
      bites: async () =>
        (await balancer.version(500)) === written ? `new connections are answered by version ${written} of the configuration` : undefined,
      heal: async () => {},
      healed: async () => "nothing to heal",
    };
  },
} satisfies Fault;
