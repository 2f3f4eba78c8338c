/**
 * Stresses what instances share: sessions and agents are written through whichever instance the balancer picks and read through others (open
 * model). A session reads what it has seen or something newer; a peek may be a time to live behind; a cost is sent again under its key, and to one session costs are
 * added by many at a time. Where keys are asked for, principals get roles and keys, lose them, and use them; and some sessions that live for seconds are written again before they end. A broken system answers what the instance remembers, keeps in a
 * cache what has long been replaced, counts a cost twice or not at all, forgets a session that is in use, or knows a key in one place only.
 */
import { sleep } from "k6";
import exec from "k6/execution";
import { seeded } from "../harness/core/random.ts";
import { asked } from "./lib/asks.ts";
import { presentKeys } from "./lib/keys.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, perform } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const perSecond = Number(__ENV.PER_SECOND);
const seed = Number(__ENV.SEED);
/** Many, so that what is stale stays so for long, because the next write would hide it; and a few that every instance has just read when they change. */
const things = Number(__ENV.THINGS ?? 150);
const hot = { share: 0.3, things: 6 } as const;
/** Of the writes to sessions, those that also add a cost and send it again. */
const costShare = 0.3;
/** Of all, those that add to the cost of one and the same session, so that additions meet. */
const tallyShare = 0.15;
const writeShare = Number(__ENV.WRITE_SHARE ?? 0.25);
/** Of all, those that change an agent which nobody else changes and every instance has just read, and look at it from then on for longer than two copies live one after the other. */
const watchShare = Number(__ENV.WATCH_SHARE ?? 0);
const watch = { everyS: 0.15, forS: 4.5 } as const;
/** One in so many sees the keys of a principal of its own through (0: none), and so long these rest after a change (s). */
const keyEvery = Number(__ENV.KEY_EVERY ?? 0);
const keyRestS = Number(__ENV.KEY_REST_S ?? 0);
/** One in so many of them is changed for the tenth time then: a number with one digit more is not a larger text. */
const [tenthEvery, earlier] = [3, 8] as const;

/** One in so many keeps a session alive that lives for some seconds only, and is its own (0: none). */
const briefEvery = Number(__ENV.BRIEF_EVERY ?? 0);
/** How long it lives from a write on, how often it is written, and how long after each write, and after each read, it is read: when no copy hides that it is gone (s). */
const brief = { ttlS: 5, writes: 5, readAfterS: [2.4, 0.3, 0.3] } as const;

export const options = openModel(perSecond);

/** The highest version of each session that this client has seen. */
const seen: Record<string, number> = {};

function note(session: string, value: unknown): void {
  const version = (value as { version?: number } | undefined)?.version ?? 0;
  seen[session] = Math.max(seen[session] ?? 0, version);
}

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const read = (session: string): void => note(session, perform("readSession", { session, seen: seen[session] ?? 0 }).value);

/** Adds to the cost of the session that everybody adds to, and makes it first where this client has not seen it. */
function tally(n: number, cost: number): void {
  const session = idOf(0);
  const isKnown = seen[session] !== undefined;
  if (!isKnown) note(session, perform("saveSession", { session, n }, intendedStart(perSecond)).value);
  note(session, perform("addCost", { session, costKey: `${seed}-${n}`, cost }, isKnown ? intendedStart(perSecond) : undefined).value);
  if (n % 3 === 0) read(session);
}

/** A copy of a copy, made just before its end, is old when the first one is gone: only who looks on all the time sees it. */
function watchOne(n: number): void {
  const agent = `watched-${n}`;
  perform("saveState", { agent, n }, intendedStart(perSecond));
  const look = (seconds: number): void => {
    for (let i = 0; i < seconds / watch.everyS; i++) {
      perform("peekAgent", { agent });
      sleep(watch.everyS);
    }
  };
  if (n % tenthEvery === 0) for (let i = 1; i <= earlier; i++) perform("saveState", { agent, n: n + i / 100 });
  look(n % tenthEvery === 0 ? 0.3 : 1);
  perform("saveState", { agent, n: n + 0.5 });
  look(watch.forS);
}

/** Each write comes before the life that the one before gave is over: the session is there for as long as somebody uses it. */
function keepAlive(n: number): void {
  const session = `00000000-0000-4001-8000-${String(n).padStart(12, "0")}`;
  for (let i = 0; i < brief.writes; i++) {
    perform("saveBriefly", { session, n: n + i / 100, ttlS: brief.ttlS }, i === 0 ? intendedStart(perSecond) : undefined);
    for (const seconds of brief.readAfterS) {
      sleep(seconds);
      perform("readBrief", { session });
    }
  }
}

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  if (asked(n, perSecond)) return;
  const random = seeded(seed, `access ${n}`);
  if (keyEvery > 0 && n % keyEvery === 0) {
    presentKeys(`principal-${seed}-${n}`, { random, restS: keyRestS, intended: intendedStart(perSecond) });
    return;
  }
  if (briefEvery > 0 && n % briefEvery === 1) {
    keepAlive(n);
    return;
  }
  if (random.next() < tallyShare) {
    tally(n, random.integer(1, 9));
    return;
  }
  if (watchShare > 0 && random.next() < watchShare) {
    watchOne(n);
    return;
  }
  const thing = random.integer(1, random.next() < hot.share ? hot.things : things);
  const writes = random.next() < writeShare;
  if (random.next() < 0.5) {
    const agent = `agent-${thing}`;
    if (writes) perform("saveState", { agent, n }, intendedStart(perSecond));
    else perform("peekAgent", { agent }, intendedStart(perSecond));
    return;
  }
  const session = idOf(thing);
  if (!writes) {
    perform("peekSession", { session }, intendedStart(perSecond));
    return;
  }
  const saved = perform("saveSession", { session, n }, intendedStart(perSecond));
  note(session, saved.value);
  // A session has to be there.
  if (saved.outcome === "ok" && random.next() < costShare) {
    const cost = { session, costKey: `${seed}-${n}`, cost: random.integer(1, 9) };
    for (let i = 0; i < 2; i++) note(session, perform("addCost", cost).value);
  }
  for (let i = 0; i < 2; i++) read(session);
});

export { handleSummary, keepTime };
