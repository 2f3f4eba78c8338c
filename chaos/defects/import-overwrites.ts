/** The last writer wins: an agent that somebody has made is another one by the next import under its id. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "import-overwrites",
  claim: "HA-9",
  what: "An import under an id that is taken replaces the agent that has it.",
  edits: [
    {
      file: "agents/document.ts",
      find: `       on conflict (id) do nothing
       returning id
     ), evented`,
      replace: `       on conflict (id) do update set
         version = excluded.version, blocks = excluded.blocks, state = excluded.state, import_digest = excluded.import_digest
       returning id
     ), evented`,
    },
    {
      file: "agents/document.ts",
      find: `as event (seq bigint, kind text, data jsonb)`,
      replace: `as event (seq bigint, kind text, data jsonb) on conflict do nothing`,
    },
    {
      file: "agents/document.ts",
      find: `as memory (seq bigint, text text, embedding float8[])`,
      replace: `as memory (seq bigint, text text, embedding float8[]) on conflict do nothing`,
    },
  ],
  caughtBy: ["move-agents"],
} satisfies Defect;
