import { type Fault, instanceNamed } from "./fault.ts";
import { containerNamed } from "./tools/container.ts";

export default {
  what: "An instance is pulled out of a network (`network`: data, where its dependencies are, or front, where the balancer is) as if its cable were drawn: nothing is refused, everything is silent.",
  needs: ["containers"],
  prepare({ stack, ledger, on, options }) {
    const network = String(options.network ?? "data");
    const container = containerNamed(stack, on);
    const instance = instanceNamed(stack, on);
    let plugIn = async (): Promise<void> => {};
    return {
      on,
      working: () => ledger.working(on),
      async inject() {
        plugIn = await container.unplug(network);
      },
      async bites() {
        const networks = await container.networks();
        return networks.includes(network) || (await instance.isReady(500))
          ? undefined
          : `${on} lives (process ${instance.pid()}), is in ${networks.join(" and ")} only, and does not answer ready`;
      },
      heal: () => plugIn(),
      async healed() {
        const networks = await container.networks();
        return networks.includes(network) && (await instance.isReady(500)) ? `${on} is in ${networks.join(" and ")} and answers ready` : undefined;
      },
    };
  },
} satisfies Fault;
