/** Only then is there anything for a fencing token to protect (HA-13). */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "a lock holder that had been stopped woke up after its successor had written",
  sightings({ faults, ledger, writes, deltaMs }) {
    const { all } = sectionsOf(ledger, "lock");
    const pauses = seenBiting(faults, "pause").filter(({ healingAt }) => Number.isFinite(healingAt));
    return pauses.flatMap((pause) =>
      all
        .filter((one) => one.instance === pause.on && one.enteredAt < pause.requestedAt && one.endAt >= pause.healingAt)
        .flatMap((sleeper) => {
          const write = writes.find((one) => one.subject === sleeper.subject && one.token > sleeper.token && one.time + deltaMs < pause.healingAt);
          if (write === undefined) return [];
          const text = `${named(sleeper)} on agent ${sleeper.subject} woke up at ${at(pause.healingAt)} (${pause.id}), after a write with token ${write.token} at ${at(write.time)} (ledger ${sleeper.enteredSeq}, write ${write.seq}).`;
          return [{ time: pause.healingAt, text }];
        }),
    );
  },
} satisfies Situation;
