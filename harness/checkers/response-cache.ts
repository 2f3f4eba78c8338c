/** HA-17: the balancer's cache answers frequent reads, serves nobody what it was told for another, and nothing older than its time. */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

const caches = ({ faults }: Evidence) => seenBiting(faults, "cache-answers");

/** The first answer that a user gets is never one that was kept: it can only have been made for somebody else. */
export const nobodyElsesAnswer: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, requestedAt: time, numbers } of caches(evidence)) {
    const { newUsers = 0, newUsersServedFromCache = 0 } = numbers;
    examined += newUsers;
    if (newUsersServedFromCache > 0)
      found.push({
        time,
        text: `${newUsersServedFromCache} of ${newUsers} users were answered from the cache when they asked for the first time (${id} at ${at(time)}): with what had been told to others.`,
      });
  }
  const text = { holds: `None of ${examined} users was told what had been kept for another.`, nothing: "No user was answered." };
  return conclude("nobody is told what was kept for another", examined, inTime(found), text, { users: examined });
};

/** Who asks again at once is answered from the cache, at least so often (a ratio). */
export function cacheHits({ atLeast }: { readonly atLeast: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let hits = 0;
    for (const { id, requestedAt: time, numbers } of caches(evidence)) {
      const { again = 0, againFromCache = 0 } = numbers;
      examined += again;
      hits += againFromCache;
      if (againFromCache < again * atLeast)
        found.push({
          time,
          text: `${againFromCache} of ${again} users who asked again at once were answered from the cache; ${atLeast * 100} % are expected (${id} at ${at(time)}).`,
        });
    }
    const text = {
      holds: `${hits} of ${examined} users who asked again at once were answered from the cache.`,
      nothing: "No user asked again at once.",
    };
    return conclude("who asks again is answered from the cache", examined, inTime(found), text, {
      again: examined,
      hitRatio: examined > 0 ? hits / examined : 0,
    });
  };
}

/** Nothing is served from the cache for longer than its time and `slackMs`: nginx counts in whole seconds, at both ends. */
export function keptForItsTime({ slackMs }: { readonly slackMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let longest = 0;
    let away = 0;
    // Each answer has a time of its own to be kept; a lag excuses by the shortest.
    let shortest = Number.POSITIVE_INFINITY;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of caches(evidence)) {
      const { keptMaxMs, cacheMs = 0, watched = 0, notServed = 0 } = numbers;
      // While the way to the instances was away, some got what was kept and some nothing.
      if (keptMaxMs === undefined) continue;
      away += notServed;
      const bound = cacheMs + slackMs;
      shortest = Math.min(shortest, bound);
      examined += watched;
      longest = Math.max(longest, keptMaxMs);
      if (keptMaxMs > bound + toleranceMs(evidence, bound))
        found.push({
          time,
          until,
          text: `An answer was served for ${ms(keptMaxMs)} after it had been kept; ${ms(bound)} are allowed (${id} at ${at(time)}).`,
        });
    }
    const text = {
      holds: `Of ${examined} answers none was served for longer than ${ms(longest)} after it had been kept, and ${away} requests found none while no instance could be reached.`,
      nothing: "Nobody watched one answer.",
    };
    return concludeBound(evidence, shortest, conclude("nothing is kept beyond its time", examined, inTime(found), text, { keptMaxMs: longest }));
  };
}
