/** AB-17: what an instance tells of its requests is what its clients saw: as many, as many mistakes among them, no longer than they took, and in the buckets of these times. */
import { type Operation, tookMs } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, toleranceMs } from "./judge.ts";

/** A request is counted soon after its answer, and a look begins soon after it was requested (ms). */
const marginMs = 250;
/** An instance that tells less than this share of what its clients waited for tells it in another unit. */
const leastShare = 0.05;

/** Sums of many fractions (s). */
const roundingS = 0.001;

interface Bucket {
  /** s; Infinity for the last one. */
  readonly bound: number;
  /** Requests that took no longer. */
  readonly within: number;
}

/** The buckets of an instance, the lowest bound first. */
function bucketsOf(numbers: Readonly<Record<string, number>>, name: string): readonly Bucket[] {
  const prefix = `${name} within `;
  return Object.entries(numbers)
    .flatMap(([key, within]) =>
      key.startsWith(prefix) ? [{ bound: key.endsWith("+Inf") ? Infinity : Number(key.slice(prefix.length)), within }] : [],
    )
    .sort((a, b) => a.bound - b.bound);
}

/** The least and the most time that requests in these buckets took together (s). */
function timeIn(buckets: readonly Bucket[]): readonly [low: number, high: number] {
  let [low, high, lower, below] = [0, 0, 0, 0];
  for (const { bound, within } of buckets) {
    const own = within - below;
    low += own * lower;
    if (own > 0) high += own * bound;
    [lower, below] = [bound, within];
  }
  return [low, high];
}

/** Whether it was answered with a mistake of the server's. */
const isMistake = ({ error }: Operation): boolean => /^status 5/.test(error);

/** Between two readings of an instance's counters: at least the requests that certainly fell between them, at most those that may have. */
export const countersTold: Checker = (evidence) => {
  const found: Counterexample[] = [];
  const margin = marginMs + toleranceMs(evidence);
  let examined = 0;
  let mistakes = 0;
  for (const { id, requestedAt, numbers } of seenBiting(evidence.faults, "read-counters")) {
    for (const name of Object.keys(numbers).flatMap((key) => (key.endsWith(" requests") ? [key.slice(0, -" requests".length)] : []))) {
      const of = (what: string): number => numbers[`${name} ${what}`] ?? 0;
      const when = (what: string): number => requestedAt + of(what);
      // Who answered a request that got no answer is not known: it may have been any of them.
      const possible = evidence.operations.filter(
        ({ by, invokedAt, answeredAt, completedAt }) =>
          // Who gave up waiting does not know when the instance came to an end with it.
          (by === name ? answeredAt : by === "" ? completedAt : Number.NEGATIVE_INFINITY) >= when("firstSentMs") - margin &&
          invokedAt <= when("lastDoneMs") + margin,
      );
      const certain = possible.filter(
        ({ by, invokedAt, answeredAt }) => by === name && invokedAt >= when("firstDoneMs") + margin && answeredAt <= when("lastSentMs") - margin,
      );
      examined += certain.length;
      const seconds = (all: typeof certain): number => all.reduce((sum, one) => sum + tookMs(one), 0) / 1000;
      const accuse = (text: string) =>
        found.push({
          time: requestedAt,
          text: `${name} ${text}, between readings at ${at(when("firstDoneMs"))} and ${at(when("lastSentMs"))} (${id}).`,
        });
      if (of("requests") < certain.length) accuse(`told of ${of("requests")} requests, and answered ${certain.length} clients`);
      if (of("requests") > possible.length) accuse(`told of ${of("requests")} requests, and can have answered ${possible.length} clients`);
      const wrong = certain.filter(isMistake).length;
      const perhapsWrong = possible.filter((one) => isMistake(one) || one.by === "").length;
      mistakes += wrong;
      if (of("mistakes") < wrong) accuse(`told of ${of("mistakes")} requests that it failed, and failed ${wrong} clients`);
      if (of("mistakes") > perhapsWrong) accuse(`told of ${of("mistakes")} requests that it failed, and can have failed ${perhapsWrong} clients`);
      // One more margin for each: a client's clock stops before the instance's, which waits for the last byte to be taken.
      const longest = seconds(possible) + (possible.length * margin) / 1000;
      if (of("seconds") > longest)
        accuse(`told of ${of("seconds").toFixed(1)} s of answering, and its clients waited for ${seconds(possible).toFixed(1)} s in all`);
      if (of("seconds") < leastShare * seconds(certain) && evidence.lagMs < marginMs)
        accuse(`told of ${of("seconds").toFixed(3)} s of answering, and its clients waited for ${seconds(certain).toFixed(1)} s`);
      const buckets = bucketsOf(numbers, name);
      for (const { bound, within } of buckets) {
        // The instance's clock runs for no longer than the client's, but for a margin.
        const sooner = certain.filter((one) => tookMs(one) + margin <= 1000 * bound).length;
        if (within < sooner) accuse(`told of ${within} requests that took ${bound} s or less, and ${sooner} clients had their answers sooner`);
      }
      const [low, high] = timeIn(buckets);
      if (buckets.length > 0 && (of("seconds") < low - roundingS || of("seconds") > high + roundingS))
        accuse(`told of ${of("seconds").toFixed(3)} s of answering, and by its buckets it took ${low.toFixed(3)} to ${high.toFixed(3)} s`);
    }
  }
  const text = {
    holds: `Instances told of all ${examined} requests that certainly fell between two readings, of no other, of the ${mistakes} that failed, and of their time.`,
    nothing: "No request certainly fell between two readings of an instance's counters.",
  };
  return conclude("requests are counted by instance", examined, found, text, { examined, mistakes });
};
