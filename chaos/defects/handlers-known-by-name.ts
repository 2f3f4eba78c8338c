/** The runs of a former life are ghosts for as long as the new one works. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "handlers-known-by-name",
  claim: "FR-3",
  what: "A run is taken for alive as long as an instance with its handler's name has a heartbeat of any run.",
  edits: [
    { file: "runs/sweep.ts", find: `"select id, attempt, extract`, replace: `"select id, attempt, handler, extract` },
    {
      file: "runs/sweep.ts",
      find: `      const dead = running.filter((run, i) => {`,
      replace: `      const alive = new Set(running.filter((_, i) => nowMs - Number(scores[i] || 0) <= heartbeatTimeoutMs).map((run) => run["handler"]));
      const dead = running.filter((run, i) => {
        if (alive.has(run["handler"])) return false;`,
    },
  ],
  caughtBy: ["crash-with-a-full-queue"],
} satisfies Defect;
