/** A lock with fencing tokens: as the owner-aware one, and each token is greater than all before, as in Jepsen's test of Hazelcast. */
import { clientOf, fenceOf } from "../linearizability/client.ts";
import { holds } from "../linearizability/holds.ts";
import { linearizable } from "../linearizability/judge.ts";

interface State {
  readonly owner: string | null;
  readonly fence: number;
}

export default linearizable(
  {
    what: "a lock with an owner and fencing tokens: as owner-mutex, and acquire's token (output: {fence} or the number; 0 or none: it is not known) is greater than every earlier one; initially free",
    aliases: ["fenced-lock"],
  },
  {
    operations: { acquire: "update", release: "update" },
    initial: (given): State | undefined => (given === undefined || given === null ? { owner: null, fence: Number.NEGATIVE_INFINITY } : undefined),
    step({ owner, fence }, operation): State | undefined {
      const client = clientOf(operation);
      if (operation.f === "release") return owner === client ? { owner: null, fence } : undefined;
      const token = fenceOf(operation);
      if (owner !== null || (token !== undefined && token <= fence)) return undefined;
      return { owner: client, fence: token ?? fence };
    },
    identify: ({ owner, fence }) => `${fence} ${owner === null ? "" : `"${owner}`}`,
    revive(name) {
      const [fence = ""] = `${name}`.split(" ", 1);
      const owner = `${name}`.slice(fence.length + 1);
      return { owner: owner === "" ? null : owner.slice(1), fence: Number(fence) };
    },
    describe: ({ owner, fence }) =>
      `${owner === null ? "free" : `held by ${owner}`}, ${fence === Number.NEGATIVE_INFINITY ? "no token given yet" : `the last token ${fence}`}`,
    actor: clientOf,
  },
  (operations) => holds(operations, { permits: 1, tokenOf: fenceOf }),
);
