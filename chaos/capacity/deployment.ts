/** What studies of the reference server say alike: its units of work, and what an instance has only so many of. */
import type { Work } from "../../harness/capacity/iterations.ts";
import type { InstanceLimit } from "../../harness/capacity/limit.ts";

type Setting = (role: string, name: string) => string | undefined;

/** A run that was created and ended well while its client waited. */
export const wholeRun: Work = {
  operations: ["create", "wait"],
  isDone: ({ output }) => (output as { readonly status?: unknown } | null)?.status === "success",
};

export const oneQuery: Work = { operations: ["query"], isDone: () => true };

export const placesForRuns = (setting: Setting): InstanceLimit => ({
  by: "instance limit",
  what: "runs at a time",
  role: "queue",
  inUse: "runsInProgress",
  perInstance: Number(setting("queue", "RUNS_PER_INSTANCE") ?? 10),
});

export const poolOfConnections = (setting: Setting): readonly InstanceLimit[] =>
  ["api", "queue"].map((role) => ({
    by: "pool",
    what: "connections to Postgres",
    role,
    inUse: "poolCheckedOut",
    waiting: "poolWaiting",
    perInstance: Number(setting(role, "POOL_SIZE") ?? 10) + Number(setting(role, "POOL_OVERFLOW") ?? 0),
  }));

export const queryGauges = {
  queriesInProgress: { series: 'queries{state="in_progress"}', times: 1 },
  queriesWaiting: { series: 'queries{state="waiting"}', times: 1 },
};

export const placesForQueries = (setting: Setting): InstanceLimit => ({
  by: "instance limit",
  what: "queries at a time",
  role: "api",
  inUse: "queriesInProgress",
  waiting: "queriesWaiting",
  perInstance: Number(setting("api", "QUERIES_AT_ONCE") ?? 100) * Number(setting("api", "WORKERS") ?? 1),
});
