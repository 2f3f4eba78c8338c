import { everybodysWork, type Fault } from "./fault.ts";
import { answersPing, instancesOf, regionNamed } from "./tools/regions.ts";

export default {
  what: "SIGKILL of everything in a region: its instances, its Redis and its standby. The region with the primary is none that can be lost so.",
  layouts: ["regions"],
  healsWithinMs: 90_000,
  prepare({ stack, ledger, on }) {
    const { region } = regionNamed(stack, on);
    const { standby, redis } = region;
    if (!standby) throw new Error(`A region with a standby was expected to be lost, and ${region.name} has the primary.`);
    const members = instancesOf(stack, region);
    return {
      on: `region ${region.name}`,
      working: () => everybodysWork(stack, ledger),
      async inject() {
        await Promise.all([...members.map((instance) => instance.kill()), redis.kill(), standby.kill()]);
      },
      bites: async () => {
        const alive = [...members, redis, standby].filter((one) => one.pid() !== undefined);
        return alive.length === 0 && !(await answersPing(region))
          ? `${members.map(({ name }) => name).join(", ")}, the Redis of region ${region.name} and ${standby.name} are gone`
          : undefined;
      },
      async heal() {
        await Promise.all([redis.start(), standby.start()]);
        await Promise.all(members.map((instance) => instance.start()));
      },
      async healed() {
        const ready = await Promise.all(members.map((instance) => instance.isReady(1000)));
        return ready.every(Boolean) && (await answersPing(region)) ? `everything in region ${region.name} answers` : undefined;
      },
    };
  },
} satisfies Fault;
