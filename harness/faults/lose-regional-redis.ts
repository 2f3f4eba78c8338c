import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault } from "./fault.ts";
import { answersPing, instancesOf, regionNamed, saysOfRedis } from "./tools/regions.ts";

const looks = 10;
const everyMs = 300;
const answersWithinMs = 2500;

export default {
  what: "SIGKILL of one region's Redis; meanwhile every instance of every region is asked on its page `health` whether its Redis is there. Which instances are in the region is noted as well.",
  layouts: ["regions"],
  prepare({ stack, ledger, on, options }) {
    const { region, others } = regionNamed(stack, on);
    const page = String(options.health);
    /** A look counts only where the instance answered, and where the Redis of its region answered before and after it. */
    const counts = { ownLooks: 0, ownDown: 0, otherLooks: 0, otherDown: 0 };
    const look = async (): Promise<void> => {
      for (const instance of instancesOf(stack, region)) {
        const said = await saysOfRedis(instance, page, answersWithinMs);
        if (said !== undefined) counts.ownLooks++;
        if (said === false) counts.ownDown++;
      }
      for (const other of others) {
        for (const instance of instancesOf(stack, other)) {
          const before = await answersPing(other);
          const said = await saysOfRedis(instance, page, answersWithinMs);
          if (said === undefined || !before || !(await answersPing(other))) continue;
          counts.otherLooks++;
          if (said === false) counts.otherDown++;
        }
      }
    };
    return {
      on: `redis of ${region.name}`,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        await region.redis.kill();
        for (let n = 0; n < looks; n++) {
          await later(everyMs);
          await look();
        }
      },
      async bites() {
        if (region.redis.pid() !== undefined || (await answersPing(region))) return undefined;
        return `the Redis of region ${region.name} is gone: ${counts.ownDown} of ${counts.ownLooks} pages of its instances say so, and ${counts.otherDown} of ${counts.otherLooks} of the others'`;
      },
      heal: () => region.redis.start(),
      async healed() {
        const said = await Promise.all(stack.instances().map((instance) => saysOfRedis(instance, page, answersWithinMs)));
        return said.every(Boolean) ? `every instance has its Redis` : undefined;
      },
      numbers: () => ({ ...counts, ...Object.fromEntries(instancesOf(stack, region).map(({ name }) => [`${name} here`, 1])) }),
    };
  },
} satisfies Fault;
