/**
 * HS-14: a change that was made on a condition was made while the condition was true, also where it is about what the change does not touch (no write skew: Berenson et
 * al., "A Critique of ANSI SQL Isolation Levels", 1995, A5B). Operations by the names given: replacements (key: `thing/label`; input `{version}`, at which the label was read;
 * output `{version}`, the thing's, which the label has from then on), of which some also rely on another label of the thing (input `{beside, besideVersion}`).
 */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { numberField, textField } from "./trail.ts";
import { versionOf } from "./versions.ts";

/** Between the version that an acknowledged replacement relied on and its own no other acknowledged one changed that label. */
export function expectationsKept({ replace, beside }: { readonly replace: readonly string[]; readonly beside: string }): Checker {
  return ({ operations }) => {
    const made = operations.filter(({ f, outcome }) => replace.includes(f) && outcome === "ok");
    const byLabel = Map.groupBy(made, ({ key }) => key);
    const found: Counterexample[] = [];
    let examined = 0;
    const judge = (operation: Operation, label: string, expected: number): void => {
      const version = versionOf(operation);
      // Of a change that does not say which version it made or relied on nothing can be told.
      if (!(expected < version)) return;
      examined++;
      const between = byLabel.get(label)?.find((other) => other !== operation && versionOf(other) > expected && versionOf(other) < version);
      if (between === undefined) return;
      const text = `${operation.key} was replaced at version ${version} on the condition that ${label} was still at version ${expected}, at ${at(operation.completedAt)}, although ${label} had become version ${versionOf(between)} (operations ${between.index}, ${operation.index}).`;
      found.push({ time: operation.completedAt, text });
    };
    let besides = 0;
    for (const operation of made) {
      judge(operation, operation.key, numberField(operation.input, "version"));
      if (operation.f !== beside) continue;
      besides++;
      const thing = operation.key.slice(0, operation.key.lastIndexOf("/"));
      judge(operation, `${thing}/${textField(operation.input, "beside")}`, numberField(operation.input, "besideVersion"));
    }
    const text = {
      holds: `${made.length} replacements were made while what they relied on was as they had read it, ${besides} of them beside what they replaced.`,
      nothing: "Nothing was replaced on a condition about something else.",
    };
    return conclude("conditions held when the change was made", besides === 0 ? 0 : examined, inTime(found), text, {
      replacements: made.length,
      besides,
    });
  };
}
