/** A second way to the same change that keeps to the lock of its own process: two clients of one agent on two instances think at the same time. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sockets-lock-at-home",
  claim: "HS-21",
  what: "Turns that come over a WebSocket are kept apart from those over the same instance's WebSockets, and from no others.",
  edits: [
    {
      file: "routes/agent-socket.ts",
      find: `import { settledWithin } from "../clock.ts";`,
      replace: `import { settledWithin } from "../clock.ts";
import { inProcessLocks } from "../locks/in-process-lock.ts";`,
    },
    {
      file: "routes/agent-socket.ts",
      find: `  const { agents, config, lifecycle, metrics } = context;`,
      replace: `  const { agents, config, lifecycle, metrics } = context;
  const changes = { ...agents.changes, locks: inProcessLocks(context.db) };`,
    },
    {
      file: "routes/agent-socket.ts",
      find: `await takeTurn(agents.changes, id, body as never)`,
      replace: `await takeTurn(changes, id, body as never)`,
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
