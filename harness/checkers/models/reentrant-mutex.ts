/** A lock that its holder may acquire again, and that is free once it was released as often. */
import { clientOf } from "../linearizability/client.ts";
import { holds } from "../linearizability/holds.ts";
import { linearizable } from "../linearizability/judge.ts";

interface State {
  readonly owner: string;
  readonly holds: number;
}

const free: State = { owner: "", holds: 0 };

export default linearizable(
  {
    what: "a re-entrant lock: acquire while it is free or one's own, release by its owner, free after as many releases (input: {client}, else the process is the client); initially free",
    aliases: ["reentrant-lock"],
  },
  {
    operations: { acquire: "update", release: "update" },
    initial: (given) => (given === undefined || given === null ? free : undefined),
    step({ owner, holds }, operation) {
      const client = clientOf(operation);
      if (holds > 0 && owner !== client) return undefined;
      if (operation.f === "acquire") return { owner: client, holds: holds + 1 };
      return holds === 0 ? undefined : holds === 1 ? free : { owner, holds: holds - 1 };
    },
    identify: ({ owner, holds }) => `${holds} ${owner}`,
    revive(name) {
      const [holds = ""] = `${name}`.split(" ", 1);
      return { owner: `${name}`.slice(holds.length + 1), holds: Number(holds) };
    },
    describe: ({ owner, holds }) => (holds === 0 ? "free" : `held ${holds} times by ${owner}`),
    actor: clientOf,
  },
  (operations) => holds(operations, { permits: 1, reentrant: true }),
);
