import type { RedisNode } from "../drivers/groups.ts";
import type { Fault } from "./fault.ts";
import { allCopy, copiesWithinMs, groupOf, masterStrike } from "./tools/redis-group.ts";

/** What sentinels say to a server that is to copy another; who is not to be told refuses it. */
const told = ["slaveof", "replicaof"] as const;

async function listens(leader: RedisNode, may: "+" | "-"): Promise<void> {
  await leader.command("ACL", "SETUSER", "default", ...told.map((command) => `${may}${command}`));
}

export default {
  what: "A sentinel is told to hand over to another Redis server, and the old one, which lives and answers, does not learn of it: as when its sentinels cannot reach it.",
  layouts: ["sentinel"],
  healsWithinMs: copiesWithinMs,
  ready: ({ stack }) => allCopy(stack),
  prepare: (context) =>
    masterStrike(context, {
      async inject(leader) {
        await listens(leader, "-");
        await groupOf(context.stack).failOver();
      },
      heal: (leader) => listens(leader, "+"),
      async stays(leader) {
        const says = String(await leader.command("INFO", "replication").catch(() => ""));
        return /role:master/.test(says) ? "which goes on as if it led" : undefined;
      },
    }),
} satisfies Fault;
