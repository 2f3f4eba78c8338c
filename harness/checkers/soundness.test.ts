/**
 * The one property that matters most, on many executions: no judge accuses a correct one, whole or cut off anywhere, in whatever order its lines stand.
 * Each execution is generated once and judged by all. `PROPERTY_RUNS=100000` tries more, as a nightly run does.
 */
import fc from "fast-check";
import { test } from "vitest";
import { type Random, seeded } from "../core/random.ts";
import type { Checker, Evidence } from "../core/verdict.ts";
import { availability, noAcknowledgedWriteLost } from "./availability.ts";
import { cancelEndsWork, cancelKept, cancelStopsEffects } from "./cancellation.ts";
import { cutOff } from "./cut.ts";
import { claimsNothingMore, endsInTime, givesBack } from "./drain.ts";
import { driftKeptOut } from "./drift.ts";
import { exactlyOnce } from "./exactly-once.ts";
import { executions } from "./executions.ts";
import { noLostUpdate, pausedHolderRefused, staleWriteRefused } from "./fencing.ts";
import { generate } from "./generate.ts";
import { lockGoesOn } from "./lock-waiting.ts";
import { mutualExclusion } from "./mutual-exclusion.ts";
import { liveRunKept, requeuedInTime } from "./requeue.ts";
import { scaling } from "./scaling.ts";

const judges: readonly Checker[] = [
  ...exactlyOnce({ boundMs: 12_000 }),
  noAcknowledgedWriteLost,
  liveRunKept,
  requeuedInTime,
  mutualExclusion,
  noLostUpdate,
  cancelKept,
  cancelStopsEffects,
  cancelEndsWork,
  staleWriteRefused,
  pausedHolderRefused,
  lockGoesOn({ handOverMs: 3500, waitMs: 15_000 }),
];
/** What the simulated load is too thin for must be undecided, not refused. */
const undecided: readonly Checker[] = [
  scaling(),
  availability({ f: ["create"], atLeast: 0.99, fault: "kill" }),
  claimsNothingMore,
  givesBack,
  endsInTime,
  driftKeptOut,
];

function shuffled(evidence: Evidence, random: Random): Evidence {
  const { operations, ledger, transitions, writes, faults, samples } = evidence;
  return {
    ...evidence,
    operations: random.shuffle(operations),
    ledger: random.shuffle(ledger),
    transitions: random.shuffle(transitions),
    writes: random.shuffle(writes),
    faults: random.shuffle(faults),
    samples: random.shuffle(samples),
  };
}

function refused(evidence: Evidence, judge: Checker): string {
  const { verdict, summary } = judge(evidence);
  return verdict === "violated" ? summary : "";
}

test(
  "correct executions are never accused",
  () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const whole = generate(seeded(seed));
        const random = seeded(seed, "cut");
        const given = random.next() < 0.1 ? shuffled(whole, random) : whole;
        const at = random.integer(0, 45_000);
        const cut = cutOff(given, at);
        for (const judge of [...judges, ...undecided]) {
          const accusation = refused(given, judge) || refused(cut, judge);
          if (accusation !== "") throw new Error(`${accusation} (cut at ${at} ms)`);
        }
      }),
      { numRuns: executions },
    );
  },
  executions * 500,
);

test("the order of the lines changes no verdict", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const whole = generate(seeded(seed));
      // With one record gone, so that there is something to find as well.
      const random = seeded(seed, "order");
      const given = { ...whole, transitions: whole.transitions.filter(() => random.next() < 0.97) };
      const other = shuffled(given, random);
      for (const judge of judges) {
        const [one, two] = [judge(given), judge(other)];
        if (one.verdict !== two.verdict || one.examined !== two.examined) throw new Error(`${one.summary} In another order: ${two.summary}`);
      }
    }),
    { numRuns: Math.min(executions, 200) },
  );
});
