/** A lock that knows its holder: only the client that acquired it releases it, and it does not acquire it twice. */
import { clientOf } from "../linearizability/client.ts";
import { holds } from "../linearizability/holds.ts";
import { linearizable } from "../linearizability/judge.ts";

export default linearizable(
  {
    what: "a lock with an owner: acquire while it is free, release by the client that acquired it (input: {client}, else the process is the client); initially free",
    aliases: ["owner-aware-mutex", "owned-mutex"],
  },
  {
    operations: { acquire: "update", release: "update" },
    initial: (given): string | undefined => (given === undefined || given === null ? "" : undefined),
    step(owner, operation) {
      // A quote before the name keeps an owner without a name apart from no owner.
      const client = `"${clientOf(operation)}`;
      if (operation.f === "acquire") return owner === "" ? client : undefined;
      return owner === client ? "" : undefined;
    },
    identify: (owner) => owner,
    revive: String,
    describe: (owner) => (owner === "" ? "free" : `held by ${owner.slice(1)}`),
    actor: clientOf,
  },
  (operations) => holds(operations, { permits: 1 }),
);
