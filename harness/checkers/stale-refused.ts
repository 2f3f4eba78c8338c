/**
 * HS-14: who writes on the condition of a version that is no more is refused. Operations by the names given: replacements (key: the thing; input `{version}`, at which it was read; output
 * `{version}`, which it has from then on), and other writes of the same things (output alike).
 */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { numberField } from "./trail.ts";
import { versionOf } from "./versions.ts";

/**
 * A version is replaced once, and not after an acknowledgement of a later one. Some have to have tried: asked for it when a later version had been acknowledged to somebody,
 * and been refused for that (412). Who had no answer, or was told to come again, shows nothing.
 */
export function staleRefused({ replace, write }: { readonly replace: string; readonly write: readonly string[] }): Checker {
  const names = new Set([replace, ...write]);
  return ({ operations }) => {
    const found: Counterexample[] = [];
    let [stale, replaced] = [0, 0];
    for (const [thing, all] of Map.groupBy(
      operations.filter(({ f }) => names.has(f)),
      ({ key }) => key,
    )) {
      const made = all.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.completedAt - b.completedAt);
      const replacedBy = new Map<number, Operation>();
      for (const operation of all.filter(({ f }) => f === replace).sort((a, b) => a.completedAt - b.completedAt)) {
        const expected = numberField(operation.input, "version");
        const later = made.find((other) => other.completedAt < operation.invokedAt && versionOf(other) > expected);
        if (later && operation.error === "status 412") stale++;
        if (operation.outcome !== "ok") continue;
        replaced++;
        const before = later ?? replacedBy.get(expected);
        replacedBy.set(expected, operation);
        if (before === undefined) continue;
        const what =
          before === later ? `which had become version ${versionOf(later)} at ${at(later.completedAt)}` : "which another one had replaced as well";
        const text = `version ${expected} of ${thing}, ${what}, was replaced at ${at(operation.completedAt)} (operations ${before.index}, ${operation.index}).`;
        found.push({ time: operation.completedAt, text });
      }
    }
    const text = {
      holds: `${stale} replacements of a version that was no more were refused, and each of ${replaced} acknowledged ones replaced another version.`,
      nothing: "Nobody was refused who tried to replace a version that was no more.",
    };
    return conclude("a version is replaced once", stale, inTime(found), text, { staleReplacements: stale, replacements: replaced });
  };
}
