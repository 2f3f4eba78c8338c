/** A key needs no place once its run is over. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-forgotten-with-its-run",
  claim: "FR-9",
  what: "A key guards only for as long as its run goes on.",
  edits: [
    {
      file: "runs/create.ts",
      find: "  const [inserted] = await db.query<Created>(",
      replace:
        "  if (key !== undefined)\n    await db.query(\"update runs set idempotency_key = 'old:' || id where idempotency_key = $1 and status in ('success', 'error', 'cancelled')\", [key], untilMs);\n  const [inserted] = await db.query<Created>(",
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
