import { clusters } from "../core/experiment.ts";
import type { StoreMember } from "../drivers/groups.ts";
import { everybodysWork, type Fault } from "./fault.ts";
import { clusterOf, followsWithinMs, whole } from "./tools/cluster.ts";

export default {
  what: "SIGKILL of the leader of the store in which the managers agree, or with the option `quorum: 1` of so many members that no majority is left; healed by starting them again.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  prepare({ stack, ledger, options }) {
    const { store } = clusterOf(stack);
    let gone: readonly StoreMember[] = [];
    return {
      on: "store",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const leads = await Promise.all(store.map((member) => member.leads(1000)));
        const leaderFirst = store.toSorted((a, b) => Number(leads[store.indexOf(b)] ?? false) - Number(leads[store.indexOf(a)] ?? false));
        gone = leaderFirst.slice(0, options.quorum === 1 ? Math.ceil(store.length / 2) : 1);
        await Promise.all(gone.map((member) => member.kill()));
      },
      bites: async () =>
        gone.length > 0 && gone.every((member) => member.pid() === undefined) ? `${gone.map(({ name }) => name).join(" and ")} are gone` : undefined,
      async heal() {
        await Promise.all(gone.map((member) => member.start()));
      },
      healed: () => whole(stack),
    };
  },
} satisfies Fault;
