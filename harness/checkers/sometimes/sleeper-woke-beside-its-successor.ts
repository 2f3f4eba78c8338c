/** Two handlers that both believe to hold a run: the older one has to find out (LG-5). */
import type { Situation } from "../../core/verdict.ts";
import { seenBiting } from "../injections.ts";
import { at } from "../judge.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "a handler that had been stopped woke up beside the successor on its run",
  sightings({ faults, ledger }) {
    const { bySubject } = sectionsOf(ledger, "run");
    const pauses = seenBiting(faults, "pause").filter(({ healingAt }) => Number.isFinite(healingAt));
    return pauses.flatMap((pause) =>
      [...bySubject.values()].flatMap((sections) => {
        const sleeper = sections.find((one) => one.instance === pause.on && one.enteredAt < pause.requestedAt && one.endAt >= pause.healingAt);
        const successor = sections.find(
          (one) => sleeper && one.token > sleeper.token && one.enteredAt < pause.healingAt && one.endAt > Math.min(pause.healedAt, sleeper.endAt),
        );
        if (sleeper === undefined || successor === undefined) return [];
        const text = `${named(sleeper)} of run ${sleeper.subject} woke up at ${at(pause.healingAt)} (${pause.id}) while ${named(successor)} was at work (ledger ${sleeper.enteredSeq}, ${successor.enteredSeq}).`;
        return [{ time: pause.healingAt, text }];
      }),
    );
  },
} satisfies Situation;
