/** A client that resumes names an event of the attempt before: another one has its number now. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "numbers-begin-anew",
  claim: "LG-3",
  what: "A new attempt throws away the events of the one before it, and numbers its own from one.",
  edits: [
    {
      file: "runs/claim.ts",
      find: `    return { runs: await db.once<ClaimedRun>(claimSql, [free, handler, nonce, readyForMs]), sentAtMs };`,
      replace: `    const runs = await db.once<ClaimedRun>(claimSql, [free, handler, nonce, readyForMs]);
    const again = runs.flatMap(({ id, attempt }) => (attempt > 1 ? [id] : []));
    if (again.length === 0) return { runs, sentAtMs };
    await db.query("delete from run_events where run_id = any($1::uuid[])", [again]);
    await db.query("update runs set last_seq = 0 where id = any($1::uuid[])", [again]);
    return { runs: runs.map((run) => (run.attempt > 1 ? { ...run, last_seq: 0 } : run)), sentAtMs };`,
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
