/** An effect is asked for before the model thinks, so that it has been had long before the step ends, and waiting for it costs each step a round trip. But where the service is away nobody hears of it, and a run ends in success that has done nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "effects-not-waited-for",
  claim: "LG-5",
  what: "The effects of a run are asked for and not waited for.",
  edits: [
    {
      file: "runs/execute.ts",
      find: "await orAborted(Promise.all([entered, effects.step(step)]), signal);",
      replace: "void Promise.all([entered, effects.step(step)]).catch(() => {});",
    },
  ],
  caughtBy: ["refuse-the-effects"],
} satisfies Defect;
