/** A number of permits, which whoever acquired them gives back, as in Jepsen's test of Hazelcast. */
import { clientOf } from "../linearizability/client.ts";
import { holds } from "../linearizability/holds.ts";
import { linearizable } from "../linearizability/judge.ts";

interface State {
  readonly permits: number;
  /** Permits held, by client, sorted by name. */
  readonly held: readonly (readonly [client: string, permits: number])[];
}

export default linearizable(
  {
    what: "a semaphore: acquire while a permit is left, release by a client that holds one (input: {client}, else the process is the client); initially 2 permits, or the number given",
    aliases: [],
  },
  {
    operations: { acquire: "update", release: "update" },
    initial(given): State | undefined {
      const permits = given ?? 2;
      return typeof permits === "number" && Number.isInteger(permits) && permits > 0 ? { permits, held: [] } : undefined;
    },
    step({ permits, held }, operation): State | undefined {
      const client = clientOf(operation);
      const own = held.find(([name]) => name === client)?.[1] ?? 0;
      const left = permits - held.reduce((sum, [, of]) => sum + of, 0);
      if (operation.f === "acquire" ? left === 0 : own === 0) return undefined;
      const now = operation.f === "acquire" ? own + 1 : own - 1;
      const others = held.filter(([name]) => name !== client);
      const all = now === 0 ? others : [...others, [client, now] as const].sort(([a], [b]) => (a < b ? -1 : 1));
      return { permits, held: all };
    },
    identify: ({ permits, held }) => JSON.stringify([permits, held]),
    revive(name) {
      const [permits, held] = JSON.parse(`${name}`);
      return { permits, held };
    },
    describe: ({ permits, held }) =>
      `${held.length === 0 ? "free" : held.map(([client, of]) => `held ${of} times by ${client}`).join(" and ")}, of ${permits} permits`,
    actor: clientOf,
  },
  (operations, given) => holds(operations, { permits: typeof given === "number" ? given : 2 }),
);
