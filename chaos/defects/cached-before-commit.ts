/** What a client reads from the cache may never have been: the write that put it there was refused. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cached-before-commit",
  claim: "HA-11",
  what: "A change of an agent is in the cache before it is committed, and stays there when it is not.",
  edits: [
    {
      file: "agents/change.ts",
      find: `    const version = await writeAgent(db, agentId, token, change);`,
      replace: `    onChange({ id: agentId, version: read.version + 1, blocks: change.blocks ?? read.blocks, state: change.state ?? read.state });
    const version = await writeAgent(db, agentId, token, change);`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
