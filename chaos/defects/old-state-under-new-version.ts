/** The version says that the reader is up to date, and what it reads is what was there before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "old-state-under-new-version",
  claim: "HS-13",
  what: "The cache is given the new version of an agent with the state of the one before.",
  edits: [{ file: "agents/change.ts", find: `state: change.state ?? read.state };`, replace: `state: read.state };` }],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
