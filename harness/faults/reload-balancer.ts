import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "The load balancer reads its configuration anew, as it does when instances are added; with the option `balancing` it chooses instances in another way until it is healed.",
  prepare({ stack, ledger, options }) {
    const { balancer } = stack;
    const balancing = options.balancing === undefined ? undefined : String(options.balancing);
    let written = "";
    const answersAsWritten = async (): Promise<string | undefined> =>
      (await balancer.version(500)) === written ? `new connections are answered by version ${written} of the configuration` : undefined;
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        written = await balancer.reload(balancing === undefined ? {} : { balancing });
      },
      bites: answersAsWritten,
      async heal() {
        if (balancing !== undefined) written = await balancer.reload();
      },
      healed: answersAsWritten,
      // How it chose meanwhile, for who judges where requests went.
      numbers: () => (balancing === undefined ? {} : { [balancing]: 1 }),
    };
  },
} satisfies Fault;
