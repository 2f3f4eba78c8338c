/** Signs of life in the records themselves, by which a judge knows up to when the silence of a record means that nothing happened. */
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Beat } from "../core/records.ts";

/** SEMANTICS, "History and time". */
const everyMs = 100;

/** Writes a beat into each journal until disposed. A journal keeps its order, so all that was recorded before a beat stands before it. */
export function startBeats(clock: Clock, journals: readonly Journal<Beat>[]): Disposable {
  const timer = setInterval(() => {
    const time = clock.now();
    for (const journal of journals) journal.write({ type: "beat", time });
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
