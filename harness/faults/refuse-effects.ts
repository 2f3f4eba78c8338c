import { type Fault, instanceNamed, type Refusal } from "./fault.ts";

export default {
  what: "What an instance reports of its effects to the outside is not taken, and each connection by which it tries is ended: the service that it depends on is away for it.",
  prepare({ stack, ledger, on }) {
    const { name } = instanceNamed(stack, on);
    let refusal: Refusal | undefined;
    return {
      on: `${name}->ledger`,
      working: () => ledger.working(name),
      async inject() {
        refusal = ledger.refuse(name);
      },
      async bites() {
        const times = refusal?.refused() ?? 0;
        return times > 0 ? `${times} times nothing was taken from ${name}` : undefined;
      },
      async heal() {
        refusal?.end();
      },
      // By then it has had an effect again.
      healed: async () => (ledger.working(name).length > 0 ? `${name} is at work again` : undefined),
      numbers: () => ({ refusedAtBite: refusal?.refused() ?? 0 }),
    };
  },
} satisfies Fault;
