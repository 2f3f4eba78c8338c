/** HA-2: what nobody may send twice is carried out once. The balancer that repeats it elsewhere, because one instance broke off, is as wrong as a server that does. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { sameReport, sectionsOf } from "./sections.ts";

/**
 * The operations `f` are all that takes the lock of the things they are about, each of them once, and have no key by which a repetition could be told: so of each
 * thing the ledger sees no more critical sections than there were requests that may have arrived. For clients that do not send again by themselves.
 */
export function carriedOutOnce({ f }: { readonly f: readonly string[] }): Checker {
  return ({ operations, ledger }) => {
    const sent = Map.groupBy(
      operations.filter((operation) => f.includes(operation.f) && operation.error !== "connection refused"),
      ({ key }) => key,
    );
    const { bySubject, all } = sectionsOf(ledger, "lock");
    const found: Counterexample[] = [];
    for (const [subject, reported] of bySubject) {
      // A report that was sent again over another connection is no second turn.
      const sections = reported.filter((one, i) => !reported.slice(0, i).some((before) => sameReport(before, one)));
      const asked = sent.get(subject) ?? [];
      const extra = sections[asked.length];
      if (extra === undefined) continue;
      const where = sections.map(({ instance, enteredSeq }) => `${instance} (ledger ${enteredSeq})`).join(", ");
      const text = `${asked.length} requests for ${subject} were carried out ${sections.length} times, by ${where}; the last at ${at(extra.enteredAt)} (operation ${asked.at(-1)?.index ?? "none"}).`;
      found.push({ time: extra.enteredAt, text });
    }
    const requests = [...sent.values()].reduce((sum, { length }) => sum + length, 0);
    const text = {
      holds: `${requests} requests for ${bySubject.size} things were carried out ${all.length} times in all, none of them more often than it was sent.`,
      nothing: "The ledger saw nothing carried out.",
    };
    return conclude("carried out no more often than sent", requests === 0 ? 0 : all.length, inTime(found), text, { requests, sections: all.length });
  };
}
