/** HS-22: the registry of WebSocket clients is empty again on every instance after they have broken off without a word. */
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** By the instances' own count, before clients broke off (`hold-sockets`), and after: nobody is left on any of them within `boundMs`. */
export function clientsForgotten({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence): Check => {
    const found: Counterexample[] = [];
    let instances = 0;
    let clients = 0;
    let slowestMs = 0;
    for (const { id, bitingAt: time, numbers } of seenBiting(evidence.faults, "hold-sockets")) {
      for (const [name, registered] of Object.entries(numbers)) {
        const instance = /^(.+) registered$/.exec(name)?.[1];
        // An instance that counts nobody while clients are connected to it keeps no such registry.
        if (instance === undefined || registered === 0) continue;
        const left = numbers[`${instance} left`] ?? 0;
        const afterMs = numbers[`${instance} forgottenAfterMs`] ?? 0;
        instances++;
        clients += registered;
        slowestMs = Math.max(slowestMs, afterMs);
        if (afterMs <= boundMs + toleranceMs(evidence, boundMs)) continue;
        const text =
          left > 0
            ? `${instance} counted ${registered} WebSocket clients, and ${left} of them ${ms(afterMs)} after all had broken off (${id}, until ${at(time)}).`
            : `${instance} forgot the last of ${registered} WebSocket clients by ${ms(afterMs)} after all had broken off; ${ms(boundMs)} are allowed (${id}, until ${at(time)}).`;
        found.push({ time, text });
      }
    }
    const text = {
      holds: `${clients} WebSocket clients that broke off were forgotten by ${instances} instances within ${ms(slowestMs)}.`,
      nothing: "No instance counted a WebSocket client before it broke off.",
    };
    const numbers = { clients, instances, forgottenMaxMs: slowestMs };
    return concludeBound(evidence, boundMs, conclude("clients that broke off are forgotten", instances, inTime(found), text, numbers));
  };
}
