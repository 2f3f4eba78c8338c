/** AB-15, AB-28: which versions, ciphers and protocols the balancer speaks, as `shake-hands` found out. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

export interface HandshakeOptions {
  /** What has to be spoken and what must not: `TLSv1.2`, a cipher by OpenSSL's name, `HTTP/2`. */
  readonly spoken: readonly string[];
  readonly refused: readonly string[];
}

/** Everything of the one list is spoken and nothing of the other, each of which the client is known to be able to speak. */
export function onlySpeaks({ spoken, refused }: HandshakeOptions): Checker {
  return ({ faults }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let unable: readonly string[] = [];
    for (const { id, requestedAt: time, numbers } of seenBiting(faults, "shake-hands")) {
      const was = (what: string): number | undefined => numbers[`${what} spoken`];
      const canBe = (what: string): number | undefined => numbers[`${what} canBeSpoken`];
      unable = [...refused.filter((what) => canBe(what) !== 1), ...spoken.filter((what) => canBe(what) === 0)];
      examined += [...spoken, ...refused].filter((what) => was(what) !== undefined && !unable.includes(what)).length;
      for (const what of spoken)
        if (was(what) === 0 && !unable.includes(what))
          found.push({ time, text: `${what} was offered to the balancer and refused (${id} at ${at(time)}).` });
      for (const what of refused)
        if (was(what) === 1) found.push({ time, text: `${what} was offered to the balancer and spoken (${id} at ${at(time)}).` });
    }
    const text = {
      holds: `The balancer speaks ${spoken.join(", ")}, and refused ${refused.join(", ")}.`,
      nothing: unable.length > 0 ? `Nobody here can speak ${unable.join(", ")}.` : "No handshake was tried.",
    };
    const property = `speaks ${spoken.join(", ")} and not ${refused.join(", ")}`;
    return conclude(property, unable.length > 0 ? 0 : examined, inTime(found), text, { examined });
  };
}
