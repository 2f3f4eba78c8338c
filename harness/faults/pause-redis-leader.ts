import type { Fault } from "./fault.ts";
import { allCopy, copiesWithinMs, masterStrike } from "./tools/redis-group.ts";

export default {
  what: "SIGSTOP of the Redis server that leads, until its sentinels have promoted another and for a time, then SIGCONT: it wakes up and takes itself for the leader.",
  layouts: ["sentinel"],
  healsWithinMs: copiesWithinMs,
  ready: ({ stack }) => allCopy(stack),
  prepare: (context) => masterStrike(context, { inject: (leader) => leader.pause(), heal: (leader) => leader.resume() }),
} satisfies Fault;
