/** Clients of their own that make a few things and then ask for them again and again, each of which is known for certain to be there. */
import { sleep } from "k6";
import { intendedStart } from "./open-model.ts";
import { perform } from "./perform.ts";

declare const __ENV: Record<string, string>;

/** One operation in so many begins such a client instead; 0: none. */
const lookEvery = Number(__ENV.LOOK_EVERY ?? 0);
/** How often each asks for everything, and how long it rests between (s): longer than a copy lives, and in all longer than an outage lasts that it should see. */
const [rounds, restS] = [10, 3] as const;

/** Whether the n-th operation is such a client; it has come and gone then. */
export function looked(n: number, perSecond: number): boolean {
  if (lookEvery === 0 || n % lookEvery !== 1) return false;
  const session = `00000000-0000-4002-8000-${String(n).padStart(12, "0")}`;
  const [agent, text] = [`looked-${n}`, `look ${n}`];
  const principal = `looked-${n}`;
  const saved = perform("saveSession", { session, n }, intendedStart(perSecond));
  const remembered = perform("archive", { agent, text });
  const given = perform("giveRole", { principal, role: "user" });
  const made = given.outcome === "ok" ? perform("makeKey", { principal }) : given;
  for (let i = 0; i < rounds; i++) {
    if (saved.outcome === "ok") perform("readSession", { session, seen: 1 });
    if (remembered.outcome === "ok") {
      perform("readAgent", { agent });
      perform("peekAgent", { agent });
      perform("recall", { agent, text, asked: text });
    }
    if (made.outcome === "ok") perform("useKey", { principal, ...(made.value as { readonly keyId: string; readonly secret: string }) });
    sleep(restS);
  }
  return true;
}
