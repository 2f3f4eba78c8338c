/** AB-13: a leaky bucket for each client address admits what it has to and no more, and nobody pays for another (SEMANTICS, "Balancing": to 1 request). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** What one client saw, as the fault `limit-clients` measured it; times are ms since its first request was sent. */
interface Client {
  readonly name: string;
  readonly greedy: boolean;
  readonly sent: number;
  readonly unanswered: number;
  readonly admitted: number;
  readonly refused: number;
  readonly firstRefusedDoneMs: number;
  readonly lastDoneMs: number;
  readonly slowestAdmittedMs: number;
  readonly lastRefusedSentMs: number;
  readonly longestGapMs: number;
}

function clientsOf({ numbers }: Injection): readonly Client[] {
  const names = Object.keys(numbers).flatMap((key) => /^((?:greedy|modest) \S+) sent$/.exec(key)?.[1] ?? []);
  return names.map((name) => {
    const read = (what: string): number => numbers[`${name} ${what}`] ?? 0;
    return {
      ...{ name, greedy: name.startsWith("greedy"), sent: read("sent"), unanswered: read("unanswered"), admitted: read("admitted") },
      ...{ refused: read("refused"), firstRefusedDoneMs: read("firstRefusedDoneMs"), lastDoneMs: read("lastDoneMs") },
      ...{ slowestAdmittedMs: read("slowestAdmittedMs"), lastRefusedSentMs: read("lastRefusedSentMs"), longestGapMs: read("longestGapMs") },
    };
  });
}

/** Rounding at both ends of a count. */
const roundings = 1;

/**
 * A client of `perSecond` requests and a `burst` is admitted at most burst + 1 + perSecond x t of them, t being from the first to the last at the balancer; by the time
 * it is refused for the last time, at least burst + perSecond x t, t being since it was refused first, if its bucket never ran empty meanwhile. One that stays below the rate is never refused. What is admitted is
 * served at once (nodelay): kept back until its turn at the rate, the last of a burst would wait for burst / perSecond, of which half decides.
 */
export const rateLimit: Checker = (evidence) => {
  const found: Counterexample[] = [];
  const late: Counterexample[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  const numbers: Record<string, number> = {};
  const examined = { greedy: 0, modest: 0 };
  for (const injection of seenBiting(evidence.faults, "limit-clients")) {
    const { id, requestedAt: time, bitingAt: until } = injection;
    const { perSecond = 0, burst = 0 } = injection.numbers;
    for (const client of clientsOf(injection)) {
      const { name, greedy, sent, admitted, refused, lastDoneMs, slowestAdmittedMs, lastRefusedSentMs, firstRefusedDoneMs, longestGapMs } = client;
      if (client.unanswered > 0) continue;
      const keptMs = (burst / perSecond) * 500;
      if (slowestAdmittedMs > keptMs + toleranceMs(evidence, keptMs))
        late.push({
          time,
          until,
          text: `a request of ${name} that was admitted was answered after ${ms(slowestAdmittedMs)} (${id} at ${at(time)}); what is admitted is served at once.`,
        });
      shortest = Math.min(shortest, keptMs);
      const told = `${name} was admitted ${admitted} of ${sent} requests in ${Math.round(lastDoneMs)} ms (${id} at ${at(time)})`;
      if (!greedy) {
        examined.modest++;
        if (refused > 0 && sent <= burst) found.push({ time, text: `${told}, which never were more than the burst of ${burst}.` });
        continue;
      }
      if (refused === 0 && sent <= burst + 1 + (perSecond * lastDoneMs) / 1000) continue;
      // A bucket that may have run empty has let less through than its rate allows, and never more.
      const ranEmpty = refused > 0 && longestGapMs >= ((burst - 1) / perSecond) * 1000;
      if (!ranEmpty) examined.greedy++;
      const most = burst + 1 + Math.floor((perSecond * lastDoneMs) / 1000) + roundings;
      const least = burst + Math.floor((perSecond * (lastRefusedSentMs - firstRefusedDoneMs)) / 1000) - roundings;
      numbers[`${name} admitted`] = admitted;
      numbers[`${name} leastAdmitted`] = least;
      numbers[`${name} mostAdmitted`] = most;
      if (admitted > most) found.push({ time, text: `${told}; ${most} are the most that ${perSecond} a second and a burst of ${burst} allow.` });
      if (refused > 0 && !ranEmpty && admitted < least)
        found.push({ time, text: `${told}; ${perSecond} a second and a burst of ${burst} allow ${least} at least.` });
    }
  }
  const text = {
    holds: `${examined.greedy} clients that asked too often were admitted what the limit allows, and ${examined.modest} others all that they asked.`,
    nothing: "No clients of several addresses asked a balancer that limits them, and were all answered.",
  };
  const both = examined.greedy > 0 && examined.modest > 0;
  const judged = (what: readonly Counterexample[]) =>
    conclude("each address has a limit of its own", both ? examined.greedy + examined.modest : 0, inTime(what), text, numbers);
  return found.length > 0 ? judged(found) : concludeBound(evidence, shortest, judged(late));
};
