/** LG-11, HS-2: when all faults are over, service comes back by itself. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { lastHealedAt } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { steadyAfter } from "./steady-state.ts";

/** So long after the last heal the server has to serve again, and for so long at least it is looked at (ms). */
const againMs = 15_000;
const lookedAtMs = 10_000;
/** Who is asked in the last moments of the load may not be answered any more (ms). */
const answeredMs = 5000;
/** Fewer operations tell nothing. */
const least = 20;

/**
 * After the last heal it is steady again, or at least half of the operations `f` are served that are wanted from 15 s on: whoever serves fewer does not come back by itself. An
 * experiment goes on for as long as it waits for steady state (`settleMs`), so that where none comes there is something to judge; between the two nothing is decided.
 */
export function servesAgain({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const property = "service comes back by itself";
    const steady = steadyAfter(evidence);
    if (steady.verdict === "holds") return { ...steady, property };
    const healed = lastHealedAt(evidence.faults);
    const from = healed + againMs;
    const to = loadEndsAt(evidence.operations) - answeredMs;
    const wanted = evidence.operations.filter((one) => f.includes(one.f) && one.intendedAt >= from && one.intendedAt < to);
    const served = wanted.filter((one) => one.served === "yes").length;
    // Never healed: there is no time after it.
    const enough = Number.isFinite(healed) && to - from >= lookedAtMs && wanted.length >= least;
    const last = wanted.findLast((one) => one.served !== "yes");
    const found: Counterexample[] = [];
    if (enough && served < wanted.length / 2) {
      const text = `of ${wanted.length} operations that were wanted from ${at(from)} to ${at(to)}, ${ms(againMs)} and more after the last fault was over, ${served} were served; the last of the others was answered with ${last?.error || "nothing"} (operation ${last?.index}).`;
      found.push({ time: from, text });
    }
    const few = `It was not steady again, and ${served} of ${wanted.length} operations that were wanted ${ms(againMs)} and more after the last heal were served.`;
    const text = { holds: "", nothing: few };
    return concludeBound(evidence, againMs, conclude(property, found.length > 0 ? wanted.length : 0, inTime(found), text, { served }));
  };
}
