/** The vectors are no part of a document, and whoever imports one has to work them out; now all memories of the new agent have that of its name. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "imported-memories-not-found",
  claim: "HA-9",
  what: "What an imported agent remembers is there, and no search finds it by what it says.",
  edits: [{ file: "agents/document.ts", find: "embedding: embed(text) })));", replace: "embedding: embed(document.id) })));" }],
  caughtBy: ["move-agents"],
} satisfies Defect;
