/** The process is well, and says so for every attempt that it ever had: nobody takes up what it has left. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "heartbeat-goes-on",
  claim: "LG-8",
  what: "The heartbeat of an attempt goes on after its handler has given it up.",
  edits: [
    {
      file: "runs/heartbeat.ts",
      find: `  let over: string[] = [];`,
      replace: `  let over: string[] = [];
  const known = new Set<Attempt>();`,
    },
    {
      file: "runs/heartbeat.ts",
      find: `    const renewed = [...active.all].filter(active.isHeld);`,
      replace: `    for (const attempt of active.all) known.add(attempt);
    const renewed = [...known];`,
    },
    { file: "runs/heartbeat.ts", find: `      if (!beaten.has(attempt)) return;`, replace: `      if (known.size >= 0) return;` },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
