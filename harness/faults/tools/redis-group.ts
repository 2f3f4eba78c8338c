/** What faults of a Redis that fails over share: their victim is the server that leads when they strike, and they are over when every other copies the one that leads. */
import { until } from "../../base/clock.ts";
import type { RedisGroup, RedisNode } from "../../drivers/groups.ts";
import type { Stack } from "../../drivers/stack.ts";
import { everybodysWork, type FaultContext, type Strike } from "../fault.ts";

/** A server that comes back is told whom to copy after ten seconds (ms). */
export const copiesWithinMs = 60_000;

/** Seconds on a quiet machine. */
const promotedWithinMs = 20_000;

export function groupOf({ redisGroup }: Stack): RedisGroup {
  if (!redisGroup) throw new Error("Several Redis servers were expected that replace each other, and there is one.");
  return redisGroup;
}

/** The server that leads says so, and has all others as its copies; undefined while it is not so. */
export async function allCopy(stack: Stack): Promise<string | undefined> {
  const { master, nodes } = groupOf(stack);
  const leader = await master();
  const told = String(await leader?.command("INFO", "replication").catch(() => ""));
  const copies = told.match(/state=online/g)?.length ?? 0;
  return leader && /role:master/.test(told) && copies === nodes.length - 1 ? `${leader.name} leads and ${copies} servers copy it` : undefined;
}

/** A strike at the server that leads at that moment; it bites when the sentinels have promoted another. */
export function masterStrike(
  { stack, ledger }: FaultContext,
  fault: {
    inject(leader: RedisNode): Promise<void> | void;
    heal(leader: RedisNode): Promise<void> | void;
    /** What is to be seen of the old leader besides, in words; undefined while it is not. */
    stays?(leader: RedisNode): Promise<string | undefined>;
  },
): Strike {
  let victim: RedisNode | undefined;
  const another = async (): Promise<string | undefined> => {
    const now = await groupOf(stack).master();
    return victim && now && now !== victim ? `${now.name} leads in place of ${victim.name}` : undefined;
  };
  return {
    on: "redis",
    working: () => everybodysWork(stack, ledger),
    async inject() {
      victim = await groupOf(stack).master();
      if (!victim) throw new Error("Most sentinels were expected to name the server that leads, and they do not.");
      await fault.inject(victim);
      await until("Another server was expected to lead", another, { withinMs: promotedWithinMs, everyMs: 20 });
    },
    async bites() {
      const promoted = await another();
      if (!promoted || !victim || !fault.stays) return promoted;
      const stays = await fault.stays(victim);
      return stays && `${promoted}, ${stays}`;
    },
    async heal() {
      if (victim) await fault.heal(victim);
    },
    healed: () => allCopy(stack),
  };
}
