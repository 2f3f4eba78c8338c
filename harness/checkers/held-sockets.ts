/** HS-3, HS-9: WebSockets through the balancer are upgraded and kept while nothing is said, and clients that answer nothing any more are dropped. */
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, ms, toleranceMs } from "./judge.ts";
import { unlessSaturated } from "./saturation.ts";

const patiences = ({ faults }: Evidence): readonly Injection[] => seenBiting(faults, "hold-sockets");

/** So long a client waits for its connection at least, and a balancer beyond the server's pings (ms). */
const patienceMs = 4000;

/** Every client that answers is upgraded, be it a page in a browser or not, is still connected after a silence longer than the balancer's read time-out, and hears what is said then. */
export const socketsKept: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, requestedAt: time, bitingAt: until, numbers } of patiences(evidence)) {
    const { clients = 0, upgraded = 0, pages = 0, pagesUpgraded = 0, kept = 0, heard = 0, heldMs = 0 } = numbers;
    examined += clients;
    const where = `(${id} at ${at(time)})`;
    const named =
      pagesUpgraded < pages
        ? `, among them ${pages - pagesUpgraded} of the ${pages} that sent the Origin of where they connected to, as browsers do`
        : "";
    if (upgraded < clients)
      found.push({ time, until, text: `${clients - upgraded} of ${clients} clients were refused the upgrade to a WebSocket${named} ${where}.` });
    if (kept < upgraded)
      found.push({
        time,
        until,
        text: `${upgraded - kept} of ${upgraded} clients were cut off within ${ms(heldMs)} in which nothing was said ${where}.`,
      });
    if (heard < kept)
      found.push({ time, until, text: `${kept - heard} of ${kept} clients that were still connected did not hear what was said then ${where}.` });
  }
  const text = {
    holds: `All ${examined} clients were connected, kept through the silence, and heard what was said then.`,
    nothing: "No client held a WebSocket.",
  };
  return concludeBound(evidence, patienceMs, conclude("WebSockets are kept through a silence", examined, found, text, { clients: examined }));
};

/** Every client that answers nothing any more is dropped within `boundMs`. */
export function muteClientsReaped({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence): Check => {
    const found: Counterexample[] = [];
    let examined = 0;
    let slowest = 0;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of patiences(evidence)) {
      const { muteUpgraded = 0, muteReaped = 0, reapedMaxMs = 0, heldMs = 0 } = numbers;
      // Who has not been held for so long may yet be dropped in time.
      if (heldMs <= boundMs + toleranceMs(evidence, boundMs)) continue;
      examined += muteUpgraded;
      slowest = Math.max(slowest, reapedMaxMs);
      const left = muteUpgraded - muteReaped;
      if (left > 0)
        found.push({
          time,
          until,
          text: `${left} of ${muteUpgraded} clients that answered nothing any more were still connected after ${ms(heldMs)} (${id} at ${at(time)}).`,
        });
      else if (reapedMaxMs > boundMs + toleranceMs(evidence, boundMs))
        found.push({
          time,
          until,
          text: `A client that answered nothing any more was dropped after ${ms(reapedMaxMs)}; ${ms(boundMs)} are allowed (${id} at ${at(time)}).`,
        });
    }
    const text = {
      holds: `All ${examined} clients that answered nothing any more were dropped, the last after ${ms(slowest)}.`,
      nothing: `No client that answered nothing any more was held for longer than ${ms(boundMs)}.`,
    };
    return concludeBound(evidence, boundMs, conclude("clients that do not answer are dropped", examined, found, text, { reapedMaxMs: slowest }));
  };
}

/** What else an instance opens and closes meanwhile (connections of the load and of its pools) is less than half of what the clients took. */
const leakedShare = 0.5;
/** The fault waits so long for descriptors to come back (ms). */
const returnedWithinMs = 8000;

/** When the clients have gone, so have their descriptors. Judged when they were seen to take some: those that answer nothing any more may be gone by the time of the look. */
export const descriptorsReturned: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, requestedAt, bitingAt: time, numbers } of patiences(evidence)) {
    const { upgraded = 0, muteUpgraded = 0, descriptorsBefore = 0, descriptorsDuring = 0, descriptorsAfter = 0 } = numbers;
    const clients = upgraded + muteUpgraded;
    const taken = descriptorsDuring - descriptorsBefore;
    if (taken < upgraded * leakedShare) continue;
    examined += clients;
    const left = descriptorsAfter - descriptorsBefore;
    if (clients > 0 && left >= taken * leakedShare)
      found.push({
        time,
        text: `The instances had ${descriptorsBefore} descriptors before ${clients} clients came, ${descriptorsDuring} while they were there, and ${descriptorsAfter} when they had gone (${id} at ${at(requestedAt)}).`,
      });
  }
  const text = { holds: `The descriptors of ${examined} clients were given back.`, nothing: "No client was seen to hold a WebSocket." };
  return unlessSaturated(evidence, returnedWithinMs, conclude("no descriptor is leaked", examined, found, text, { clients: examined }));
};
