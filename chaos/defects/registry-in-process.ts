/** Whoever is connected elsewhere waits for a message that never comes. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "registry-in-process",
  claim: "HS-8",
  what: "Each instance tells the clients that are connected to it of the messages that it has taken itself, and knows of no other clients.",
  edits: [
    {
      file: "agents/feed.ts",
      find: `export function openFeed(`,
      replace: `const madeHere = new Set<string>();
export function noteChange(id: string, version: number): void {
  madeHere.add(\`\${id} \${version}\`);
}

export function openFeed(`,
    },
    {
      file: "agents/feed.ts",
      find: `    return readAgentEvents(db, id, after);`,
      replace: `    const batch = await readAgentEvents(db, id, after);
    return batch && { version: batch.version, events: batch.events.filter(({ seq }) => madeHere.has(\`\${id} \${seq}\`)) };`,
    },
    {
      file: "agents/agent-cache.ts",
      find: `import { agentChangedChannel } from "./events.ts";`,
      replace: `import { agentChangedChannel } from "./events.ts";
import { noteChange } from "./feed.ts";`,
    },
    {
      file: "agents/agent-cache.ts",
      find: `        keep(agent, startedMs + ttlMs);
        shared.store(`,
      replace: `        keep(agent, startedMs + ttlMs);
        noteChange(agent.id, agent.version);
        shared.store(`,
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
