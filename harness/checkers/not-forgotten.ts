/** LG-11, AB-4: what was acknowledged as made is not answered as if it had never been. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, ms } from "./judge.ts";

/** Of things that nobody removes: the operation that makes one, and one that asks for it, both of the thing as their key. */
export interface Asked {
  readonly made: string;
  readonly read: string;
  /** Whether the answer shows the thing. */
  readonly there: (read: Operation) => boolean;
  /** Whether the answer may be a copy: of a look that came before the thing was made one may be answered for as long as the target keeps it. */
  readonly copied: boolean;
}

/**
 * Whoever asks for a thing after it was acknowledged as made, and is answered, is shown it. Who is refused, or not answered, was told nothing of it: "later" is no "never". All
 * are told by one client clock.
 */
export function notForgotten(...kinds: readonly Asked[]): Checker {
  return ({ operations, constants }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { made, read, there, copied } of kinds) {
      const copyMs = copied ? (constants.cacheTtlMs ?? 0) : 0;
      const makers = new Map<string, Operation>();
      for (const operation of operations) {
        if (operation.f !== made || operation.outcome !== "ok") continue;
        const before = makers.get(operation.key);
        if (before === undefined || operation.completedAt < before.completedAt) makers.set(operation.key, operation);
      }
      for (const look of operations) {
        if (look.f !== read || look.outcome !== "ok") continue;
        const maker = makers.get(look.key);
        if (maker === undefined || look.invokedAt <= maker.completedAt + copyMs) continue;
        examined++;
        if (there(look)) continue;
        const since = `${ms(look.invokedAt - maker.completedAt)} after ${made} had been acknowledged`;
        const text = `${read} of ${look.key} at ${at(look.invokedAt)} was answered by ${look.by || "an instance"} as if there were nothing, ${since} (operations ${maker.index}, ${look.index}).`;
        found.push({ time: look.completedAt, text });
      }
    }
    const text = {
      holds: `All ${examined} answers of those who asked for what had been made showed it.`,
      nothing: "Nobody was answered who asked for what had been made.",
    };
    return conclude("nothing that was made is forgotten", examined, inTime(found), text, { looks: examined });
  };
}
