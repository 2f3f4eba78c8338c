/** HA-12: the health page names what is down, with the right status, in time, and nothing else. */
import { type Check, type Checker, type Counterexample, conclude, type Evidence, gravest } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

export interface HealthOptions {
  /** Components that are lost in turn, by the names that the page gives them; what else it names may follow from a loss. */
  readonly components: readonly string[];
  /** From the loss until the page says so (ms). */
  readonly toldWithinMs: number;
  /** From the question to the answer (ms). */
  readonly answerWithinMs: number;
}

/** An instance that cannot ask a component for lack of a processor takes it for lost after this long (ms): a false alarm decides nothing while timers lagged by a fifth of it. */
const checkMs = 1000;

/** What is lost goes on being told for so long after it is back (ms). */
const aftermathMs = 3000;

/** Losses of a component under which everybody was asked, and during which nothing else was lost: what the page says of one is then all that it may say. */
export function alone({ faults }: Evidence): readonly Injection[] {
  const all = injectionsOf(faults);
  const apart = (one: Injection, other: Injection): boolean => other.healedAt + aftermathMs < one.requestedAt || other.requestedAt > one.healingAt;
  const asked = all.filter(({ bitingAt, numbers }) => Number.isFinite(bitingAt) && Object.keys(numbers).some((name) => name.startsWith("lost ")));
  return asked.filter((one) => all.every((other) => other.id === one.id || apart(one, other)));
}

/** What an instance answered during a loss, as it was asked (`harness/faults/tools/health-page.ts`). */
export interface Told {
  readonly instance: string;
  readonly concerned: boolean;
  readonly status: number;
  readonly slowestMs: number;
  readonly toldAfterMs: number;
  readonly states: Readonly<Record<string, number>>;
  /** How often it said that what was lost was there, or all was well, after it had said that it was not; and that it was ready after it was not. */
  readonly upAgain: number;
  readonly readyAgain: number;
  /** Whether it said last that it was ready, and how often that it was not alive; NaN where it has no such page. */
  readonly ready: number;
  readonly notLive: number;
}

/** What instances said during a loss, and which component was lost. */
export function toldDuring({ on, numbers }: Injection, components: readonly string[]): { readonly lost: string; readonly all: readonly Told[] } {
  const lost = components.find((name) => numbers[`lost ${name}`] === 1) ?? "";
  const names = Object.keys(numbers).flatMap((name) => (name.endsWith(" answers") ? [name.slice(0, -" answers".length)] : []));
  const all = names.map((instance): Told => {
    const read = (what: string): number => numbers[`${instance} ${what}`] ?? Number.NaN;
    return {
      instance,
      // The loss is one instance's, or everybody's.
      concerned: !names.includes(on) || on === instance,
      status: read("status"),
      slowestMs: read("slowestMs"),
      toldAfterMs: numbers[`${instance} toldAfterMs`] ?? Number.POSITIVE_INFINITY,
      states: Object.fromEntries(components.map((name) => [name, read(name)])),
      upAgain: numbers[`${instance} upAgain`] ?? 0,
      readyAgain: numbers[`${instance} readyAgain`] ?? 0,
      ready: read("ready"),
      notLive: read("notLive"),
    };
  });
  return { lost, all };
}

/** During each loss every concerned instance says that this component is down, that the others are up, and answers 503; every other instance answers 200. */
export function healthTold({ components, toldWithinMs, answerWithinMs }: HealthOptions): Checker {
  return (evidence) => {
    const missed: Counterexample[] = [];
    const unsaid: Counterexample[] = [];
    const alarms: Counterexample[] = [];
    const late: Counterexample[] = [];
    const slow: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    const lostComponents = new Set<string>();
    let examined = 0;
    for (const injection of alone(evidence)) {
      const { id, requestedAt: time, healingAt: until } = injection;
      const { lost, all } = toldDuring(injection, components);
      lostComponents.add(lost);
      for (const { instance, concerned, status, slowestMs, toldAfterMs, states, upAgain } of all) {
        examined++;
        const where = `${instance}, asked while ${lost} was lost to ${concerned ? "it" : "another"} (${id} at ${at(time)}),`;
        const expected = concerned ? 503 : 200;
        // Who never said so, or did not answer in the end, may have had no time to; who did, and was wrong all the same, had.
        const wrong = Number.isFinite(toldAfterMs) && status > 0 ? missed : unsaid;
        if (status !== expected)
          (concerned ? wrong : alarms).push({ time, until, text: `${where} answered with status ${status || "none"}; ${expected} was expected.` });
        for (const [name, state] of Object.entries(states)) {
          const isUp = !(concerned && name === lost);
          if (state !== (isUp ? 1 : 0))
            (isUp ? alarms : wrong).push({ time, until, text: `${where} said ${told(state)} of ${name}, which was ${isUp ? "up" : "down"}.` });
        }
        if (concerned && upAgain > 0)
          missed.push({ time, until, text: `${where} had said so, and said ${upAgain} times afterwards that it was there, or that all was well.` });
        if (concerned && Number.isFinite(toldAfterMs)) numbers[`${id} ${instance} toldAfterMs`] = toldAfterMs;
        numbers[`${id} ${instance} slowestMs`] = slowestMs;
        if (concerned && toldAfterMs > toldWithinMs + toleranceMs(evidence, toldWithinMs) && Number.isFinite(toldAfterMs))
          late.push({ time, until, text: `${where} said so after ${ms(toldAfterMs)}; ${ms(toldWithinMs)} are allowed.` });
        if (slowestMs > answerWithinMs + toleranceMs(evidence, answerWithinMs))
          slow.push({ time, until, text: `${where} answered a question after ${ms(slowestMs)}; ${ms(answerWithinMs)} are allowed.` });
      }
    }
    const missing = components.filter((name) => !lostComponents.has(name));
    const text = {
      holds: `In ${examined} cases an instance named what was down, and only that, with the right status and in time.`,
      nothing: `Nobody was asked while each was lost: ${missing.join(", ") || "no component"}.`,
    };
    const property = "the health page names what is down";
    if (missed.length > 0) return conclude(property, examined, inTime([...missed, ...unsaid, ...alarms]), text, numbers);
    const silence = concludeBound(evidence, toldWithinMs, conclude(property, examined, inTime(unsaid), text, numbers));
    const alarm = concludeBound(evidence, checkMs, conclude(property, examined, inTime(alarms), text, numbers));
    const rest = (of: readonly Counterexample[]): Check => conclude(property, missing.length > 0 ? 0 : examined, inTime(of), text, numbers);
    return gravest([silence, alarm, concludeBound(evidence, toldWithinMs, rest(late)), concludeBound(evidence, answerWithinMs, rest(slow))]);
  };
}

function told(state: number): string {
  return Number.isNaN(state) ? "nothing" : state === 1 ? '"up"' : '"down"';
}
