/** HS-4: what hashes a client's address sends one client to one instance, and moves only those whose instance is gone. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound } from "./judge.ts";

/** An instance that cannot be connected within it is given up by the balancer for this request (ms): on a starved machine that is no wandering. */
const connectMs = 1000;

/** Judged when the addresses were spread over several instances, one of which was the one that died. */
export const addressesKeep: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, on, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "ask-from-addresses")) {
    const { addresses = 0, instances = 0, wandered = 0, lost = 0, lostUnanswered = 0, others = 0, othersMoved = 0 } = numbers;
    const accuse = (text: string) => found.push({ time, until, text: `${text} (${id} at ${at(time)}).` });
    if (wandered > 0) accuse(`${wandered} of ${addresses} addresses were answered by several instances, or not at all, while none had gone`);
    if (instances < 2 || lost === 0 || others === 0) continue;
    examined += addresses;
    if (othersMoved > 0) accuse(`${othersMoved} of ${others} addresses of other instances were moved when ${on} died`);
    if (lostUnanswered > 0) accuse(`${lostUnanswered} of ${lost} addresses of ${on} were not answered by another instance when it had died`);
  }
  const text = {
    holds: `Each of ${examined} addresses was answered by one instance, and only those whose instance died moved.`,
    nothing: "No addresses of several instances were seen, of which one died.",
  };
  const all = examined === 0 && found.length > 0 ? found.length : examined;
  return concludeBound(evidence, connectMs, conclude("one address, one instance", all, found, text, {}));
};
