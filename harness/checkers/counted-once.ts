/**
 * AB-4: amounts that are added under keys of their own are counted once each, whatever was sent again. Operations by the names given: the addition (key: the thing; input
 * `{costKey, cost}`, equal for one key; output `{version}`: the thing's, not before the addition) and the read (key: the thing; output `{version, cost}`).
 */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { numberField, textField } from "./trail.ts";
import { versionOf } from "./versions.ts";

interface Amount {
  readonly amount: number;
  /** The lowest version at which it was acknowledged; Infinity: never. */
  by: number;
  /** When it was sent first, and how often in all. */
  sentAt: number;
  times: number;
}

/**
 * A read at version V shows every amount that was acknowledged by then, and none twice: no more than all that had been sent. A server that had to send its own statement
 * again may acknowledge an amount with a later version than that by which it was counted.
 */
export function countedOnce({ add, read }: { readonly add: string; readonly read: string }): Checker {
  return ({ operations }) => {
    const additions = Map.groupBy(
      operations.filter(({ f, outcome }) => f === add && outcome !== "fail"),
      ({ key }) => key,
    );
    const found: Counterexample[] = [];
    let examined = 0;
    let repeated = 0;
    const amounts = new Map([...additions].map(([key, all]) => [key, amountsOf(all)]));
    for (const ofKey of amounts.values()) for (const { times } of ofKey) if (times > 1) repeated++;
    for (const operation of operations) {
      const ofKey = amounts.get(operation.key);
      const shown = numberField(operation.output, "cost");
      if (operation.f !== read || operation.outcome !== "ok" || ofKey === undefined || Number.isNaN(shown)) continue;
      examined++;
      const version = versionOf(operation);
      let least = 0;
      let most = 0;
      for (const { amount, by, sentAt } of ofKey) {
        if (by <= version) least += amount;
        if (sentAt <= operation.completedAt) most += amount;
      }
      if (shown >= least && shown <= most) continue;
      const wrong = shown < least ? `${least} had been acknowledged by then` : `no more than ${most} had been sent by then`;
      const text = `${operation.key} was shown with ${shown} at version ${version} at ${at(operation.completedAt)}, and ${wrong} (operation ${operation.index}).`;
      found.push({ time: operation.completedAt, text });
    }
    const text = {
      holds: `${examined} reads showed what had been added, each amount once; ${repeated} were sent more than once.`,
      nothing: "Nothing was read to which an amount had been added.",
    };
    return conclude("amounts are counted once", repeated === 0 ? 0 : examined, inTime(found), text, { reads: examined, repeatedAmounts: repeated });
  };
}

function amountsOf(additions: readonly Operation[]): readonly Amount[] {
  const byKey = new Map<string, Amount>();
  for (const addition of additions) {
    const { input, invokedAt } = addition;
    const key = textField(input, "costKey");
    const version = addition.outcome === "ok" ? versionOf(addition) : Number.POSITIVE_INFINITY;
    const one = byKey.get(key);
    if (one) {
      one.by = Math.min(one.by, version);
      one.sentAt = Math.min(one.sentAt, invokedAt);
      one.times++;
    } else byKey.set(key, { amount: numberField(input, "cost"), by: version, sentAt: invokedAt, times: 1 });
  }
  return [...byKey.values()];
}
