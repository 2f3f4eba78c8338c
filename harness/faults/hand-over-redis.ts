import type { Fault } from "./fault.ts";
import { allCopy, copiesWithinMs, groupOf, masterStrike } from "./tools/redis-group.ts";

export default {
  what: "A sentinel is told to hand over to another Redis server: the old one lives and answers, and learns of it ten seconds later.",
  layouts: ["sentinel"],
  healsWithinMs: copiesWithinMs,
  ready: ({ stack }) => allCopy(stack),
  prepare: (context) => masterStrike(context, { inject: () => groupOf(context.stack).failOver(), heal: () => {} }),
} satisfies Fault;
