/** The client is told at once, and the rest is somebody else's business. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "acknowledged-before-stored",
  claim: "LG-5",
  what: "A create is answered before the run is stored.",
  edits: [
    {
      file: "runs/create.ts",
      find: "  const [inserted] = await db.query<Created>(",
      replace:
        '  if (key !== undefined) {\n    void db.query(`insert into runs (id, idempotency_key, request_hash, agent_id, input, traceparent, webhook) values ($1, $2, $3, $4, $5, $6, $7) on conflict (idempotency_key) do nothing`,\n      [id, key, hash, agentId ?? null, JSON.stringify(input), traceparent ?? null, webhook ?? null]).catch(() => {});\n    return { outcome: "created", run: { id, status: "pending", attempt: 0 } as Created };\n  }\n  const [inserted] = await db.query<Created>(',
    },
  ],
  caughtBy: ["restart-postgres"],
} satisfies Defect;
