/** Fenced off, and still in everybody's way. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stays-when-replaced",
  claim: "HA-1",
  what: "An instance whose place another has taken does not end: it writes nothing any more, and goes on taking requests and refusing them.",
  edits: [
    {
      file: "instance.ts",
      find: `lost.addEventListener("abort", () => fail(lost.reason), { once: true });`,
      replace: `lost.addEventListener("abort", () => log.error({ err: lost.reason }, "lost its place"), { once: true });`,
    },
  ],
  caughtBy: ["replace-the-active-instance"],
} satisfies Defect;
