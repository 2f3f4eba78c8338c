/** As with an index in the memory of each instance. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "archive-of-its-own",
  claim: "HS-5",
  what: "A search finds what was stored through the same instance alone.",
  edits: [
    {
      file: "agents/archive.ts",
      find: `  return db.query<Row & Memory>(`,
      replace: `  const own = (globalThis as { remembered?: Set<string> }).remembered ?? new Set<string>();
  const all = await db.query<Row & Memory>(`,
    },
    {
      file: "agents/archive.ts",
      find: `    [agentId, embed(question), limit],
  );`,
      replace: `    [agentId, embed(question), limit],
  );
  return all.filter(({ text }) => own.has(text));`,
    },
    {
      file: "agents/tools.ts",
      find: `    if (call.tool === "remember") return`,
      replace: `    if (call.tool === "remember") ((globalThis as { remembered?: Set<string> }).remembered ??= new Set<string>()).add(call.text);
    if (call.tool === "remember") return`,
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
