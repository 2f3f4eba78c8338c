/** The agent goes on between the two, so the document is of no moment at all. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "export-in-two-looks",
  claim: "HA-9",
  what: "An export reads the state apart from the rest, a moment later.",
  edits: [
    {
      file: "agents/document.ts",
      find: `  if (!found) return undefined;
  const { events, ...rest } = found;`,
      replace: `  if (!found) return undefined;
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [later] = await db.query<Row & Pick<AgentDocument, "state">>("select state from agents where id = $1", [id]);
  const { events, ...rest } = { ...found, ...later };`,
    },
  ],
  caughtBy: ["move-agents"],
} satisfies Defect;
