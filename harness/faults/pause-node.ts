import { clusters } from "../core/experiment.ts";
import type { Fault } from "./fault.ts";
import { followsWithinMs, onceWhole, primaryStrike } from "./tools/cluster.ts";

export default {
  what: "Everything of the primary, server and manager, is stopped and later goes on: it wakes up and does not know that another was promoted.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  ready: onceWhole,
  prepare: (context) =>
    primaryStrike(context, {
      inject: (primary) => primary.pause(),
      shows: async ({ name, states }) =>
        (await states()).every((state) => state === "T") ? `server and manager of ${name} are in state T (stopped)` : undefined,
      heal: (primary) => primary.resume(),
    }),
} satisfies Fault;
