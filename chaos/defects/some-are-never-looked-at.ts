/** The look at all that is watched was a statement as large as its clients are many, so that it has a bound now. Those who came after the first hundred depend on messages alone: while Redis is away, or when a message is lost, their streams and waits stand still though their runs have ended. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "some-are-never-looked-at",
  claim: "HS-8",
  what: "The look for what changed without a message asks for the first hundred that are watched, and for no others.",
  edits: [
    {
      file: "store/watch.ts",
      find: "await lookAt([...watched.keys()])",
      replace: "await lookAt([...watched.keys()].slice(0, 100))",
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
