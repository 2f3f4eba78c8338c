/** Two requests that look at the same moment both find the key free. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-checked-before-insert",
  claim: "FR-9",
  what: "Whether an idempotency key is taken is looked up before the run is inserted, and nothing else guards it.",
  edits: [
    {
      file: "migrations/001-runs.sql",
      find: `idempotency_key text not null unique,`,
      replace: `idempotency_key text not null,`,
    },
    {
      file: "runs/create.ts",
      find: `values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (idempotency_key) do nothing
`,
      replace: `select $1::uuid, $2::text, $3, $4, $5::jsonb, $6, $7 where not exists (select from runs where idempotency_key = $2::text)
`,
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
