import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "Not a fault but a change of the topology: instances of a role are added until there are `to` of them.",
  prepare({ stack, ledger, on, options }) {
    const to = Number(options.to);
    const added: string[] = [];
    const count = (): number => stack.instances().filter((instance) => instance.role === on).length;
    return {
      on,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        while (count() < to) added.push((await stack.addInstance(on)).name);
      },
      // An instance counts when it is seen working, not when it says that it is ready.
      bites: async () =>
        added.every((name) => ledger.working(name).length > 0) ? `${added.join(", ")} took work; there are ${count()} ${on} instances` : undefined,
      heal: async () => {},
      healed: async () => "nothing to heal",
    };
  },
} satisfies Fault;
