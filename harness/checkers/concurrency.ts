/** How many sections an instance has open at once, by the ledger. */
import type { Counterexample } from "../core/verdict.ts";
import { at } from "./judge.ts";
import type { Section } from "./sections.ts";

export function byInstance(sections: readonly Section[]): ReadonlyMap<string, readonly Section[]> {
  const instances = new Map<string, Section[]>();
  for (const section of sections) {
    const same = instances.get(section.instance);
    if (same) same.push(section);
    else instances.set(section.instance, [section]);
  }
  return instances;
}

/**
 * Moments at which an instance entered one section more than `limit`, in the order of the ledger. A connection that closed by itself counts as closed
 * `toleranceMs` before that was noticed; exits are acknowledged and count where they stand.
 */
export function overLimit(
  instances: ReadonlyMap<string, readonly Section[]>,
  limit: number,
  toleranceMs: number,
): { found: Counterexample[]; most: number } {
  const found: Counterexample[] = [];
  let most = 0;
  for (const [instance, sections] of instances) {
    // Ends in the order in which slots became free for certain; a close counts by time, an exit by seq.
    const exits = sections.filter((section) => section.end === "exit").sort((a, b) => a.endSeq - b.endSeq);
    const closes = sections.filter((section) => section.end === "closed").sort((a, b) => a.endSeq - b.endSeq);
    let [exited, closed] = [0, 0];
    for (const [i, section] of sections.entries()) {
      while (exited < exits.length && (exits[exited] as Section).endSeq < section.enteredSeq) exited++;
      while (closed < closes.length && (closes[closed] as Section).endAt - toleranceMs <= section.enteredAt) closed++;
      // A section that closes within the tolerance of its own enter is over before it counts.
      const open = i + 1 - exited - Math.min(closed, i);
      most = Math.max(most, open);
      if (open <= limit) continue;
      const text = `${instance} entered run ${section.subject} (attempt ${section.token}) as its ${open}th at once, where ${limit} are allowed (ledger ${section.enteredSeq}, at ${at(section.enteredAt)}).`;
      found.push({ time: section.enteredAt, text });
    }
  }
  return { found, most };
}

/** The time-weighted mean number of open sections from `from` to `to` (ms). */
export function meanOpen(sections: readonly Section[], from: number, to: number): number {
  const open = sections.reduce((total, { enteredAt, endAt }) => total + Math.max(0, Math.min(endAt, to) - Math.max(enteredAt, from)), 0);
  return open / (to - from);
}
