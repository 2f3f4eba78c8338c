/** HA-13, HS-6: what was added to the end of a text under a lock stays in it; nobody writes over it from what he had read before. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";

/** Texts are told apart by it: each ends with one, and has no other. */
const end = ";";

/**
 * Appends (`append`) add their text to the end of the value of their key and nothing else changes it; each text is given to one append only. A read (`read`) that was asked for after an append had been
 * acknowledged has its text, and no read has the text of one that was refused for certain. Of appends without an answer both is allowed.
 */
export function appendsKept({ append, read }: { readonly append: string; readonly read: string }): Checker {
  return ({ operations }) => {
    const appends = Map.groupBy(
      operations.filter(({ f, outcome }) => f === append && outcome !== "info"),
      ({ key }) => key,
    );
    const reads = operations.filter(({ f, outcome }) => f === read && outcome === "ok").sort((a, b) => a.invokedAt - b.invokedAt);
    /** Each is told once, where it was first seen. */
    const told = new Map<Operation, Counterexample>();
    const seen = new Set<Operation>();
    for (const { key, output, invokedAt, answeredAt, index } of reads) {
      const texts = new Set(textField(output, "value").split(end));
      for (const one of appends.get(key) ?? []) {
        if (told.has(one)) continue;
        const text = textField(one.input, "text").replace(end, "");
        const there = texts.has(text);
        const where = `in ${key} as it was read at ${at(invokedAt)} (operations ${one.index}, ${index})`;
        if (one.outcome === "fail") {
          if (there)
            told.set(one, { time: answeredAt, text: `the append of "${text}" was refused at ${at(one.completedAt)}, and the text is ${where}.` });
        } else if (there) seen.add(one);
        else if (one.completedAt < invokedAt) {
          const lost = `the append of "${text}" by ${one.by || "someone"} was acknowledged at ${at(one.completedAt)}, and the text is not ${where}.`;
          told.set(one, { time: answeredAt, text: lost });
        }
      }
    }
    const text = {
      holds: `${reads.length} reads had every text whose append had been acknowledged before, ${seen.size} in all, and none that was refused.`,
      nothing: "No text was read whose append had been acknowledged.",
    };
    return conclude("no acknowledged append is lost", seen.size, inTime([...told.values()]), text, { appendsRead: seen.size, reads: reads.length });
  };
}
