import type { Fault } from "./fault.ts";
import { allCopy, copiesWithinMs, masterStrike } from "./tools/redis-group.ts";

export default {
  what: "SIGKILL of the Redis server that leads, until its sentinels have promoted another and for a time; healed by starting it again, empty.",
  layouts: ["sentinel"],
  healsWithinMs: copiesWithinMs,
  ready: ({ stack }) => allCopy(stack),
  prepare: (context) => masterStrike(context, { inject: (leader) => leader.kill(), heal: (leader) => leader.start() }),
} satisfies Fault;
