/** Locks that nobody contends for exclude nobody. */
import type { Situation } from "../../core/verdict.ts";
import { at } from "../judge.ts";
import { turnsOf } from "../mutual-exclusion.ts";
import { named, sectionsOf } from "../sections.ts";

export default {
  what: "a client of one instance waited for a lock that another instance held",
  sightings({ operations, ledger, deltaMs }) {
    const asked = new Map(turnsOf(operations).map(({ agent, token, operation }) => [`${agent} ${token}`, operation]));
    return [...sectionsOf(ledger, "lock").bySubject.values()].flatMap((sections) =>
      sections.flatMap((section, i) => {
        const before = sections[i - 1];
        const turn = asked.get(`${section.subject} ${section.token}`);
        if (before === undefined || turn === undefined || before.instance === section.instance) return [];
        if (before.enteredAt + deltaMs > turn.invokedAt || turn.invokedAt + deltaMs > before.endAt || before.endAt > section.enteredAt) return [];
        const text = `the turn of agent ${section.subject} that was asked for at ${at(turn.invokedAt)} (operation ${turn.index}) came in on ${section.instance} once ${named(before)} had left at ${at(before.endAt)} (ledger ${before.endSeq}, ${section.enteredSeq}).`;
        return [{ time: section.enteredAt, text }];
      }),
    );
  },
} satisfies Situation;
