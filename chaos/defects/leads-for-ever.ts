/** A leader that never doubts: it does not look whether its lease has run out, and nobody asks for it when it connects to the database again. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "leads-for-ever",
  claim: "HA-1",
  what: "An instance that was once the active one goes on when it wakes up, though another has taken its place.",
  edits: [
    { file: "instance.ts", find: `lost.addEventListener("abort", () => fail(lost.reason), { once: true });`, replace: `void lost;` },
    { file: "instance.ts", find: `...(isAlone ? { admit: seat.admit } : {}),`, replace: `` },
  ],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
