import { clusters } from "../core/experiment.ts";
import type { Fault } from "./fault.ts";
import { clusterOf, followsWithinMs, onceWhole, primaryStrike } from "./tools/cluster.ts";

export default {
  what: "The primary's manager is asked to hand over to another node, as before a planned maintenance.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  ready: onceWhole,
  prepare(context) {
    const cluster = clusterOf(context.stack);
    return primaryStrike(context, {
      inject: () => cluster.switchover(),
      async shows({ name }) {
        const now = (await cluster.primary())?.name;
        return now !== undefined && now !== name ? `${now} leads in place of ${name}` : undefined;
      },
      heal: () => {},
    });
  },
} satisfies Fault;
