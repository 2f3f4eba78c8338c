/** A tool that is used for a while overlaps whatever else happens to its agent. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "tools-outside-the-lock",
  claim: "HS-21",
  what: "A tool is used after the agent's lock has been given back.",
  edits: [
    {
      file: "routes/agents.ts",
      find: `await change(changes, request.params.id, useTool(request.body));`,
      replace: `await change(
        {
          ...changes,
          locks: {
            ...locks,
            async acquire(request) {
              const lock = await locks.acquire(request);
              await lock?.[Symbol.asyncDispose]();
              return lock && { ...lock, signal: new AbortController().signal, [Symbol.asyncDispose]: async () => {} };
            },
          },
        },
        request.params.id,
        useTool(request.body),
      );`,
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
