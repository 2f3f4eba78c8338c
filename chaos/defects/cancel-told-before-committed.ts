/** The answer does not wait for what it says: a run that ends meanwhile has been called cancelled. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cancel-told-before-committed",
  claim: "LG-2",
  what: "A cancel is acknowledged before it is committed, whatever becomes of it.",
  edits: [
    {
      file: "routes/runs.ts",
      find: "const run = found(await cancelRun(db, redis, runIdOf(request.params)));",
      replace: `const before = found(await readRun(db, runIdOf(request.params)));
    setTimeout(() => void cancelRun(db, redis, runIdOf(request.params)).catch(() => {}), 400);
    const run = isTerminal(before.status) ? before : { ...before, status: "cancelled" as const };`,
    },
    {
      file: "routes/runs.ts",
      find: "import { Type",
      replace: `import { isTerminal } from "../runs/run.ts";
import { Type`,
    },
  ],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
