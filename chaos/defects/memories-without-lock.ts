/** One statement needs no lock, and the row decides by the token anyway: so everybody who holds the lock meanwhile has worked in vain. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "memories-without-lock",
  claim: "HS-21",
  what: "Archival memories are stored with a fresh fencing token and without the agent's lock.",
  edits: [
    {
      file: "routes/memory.ts",
      find: `import { readAgent } from "../agents/agent.ts";`,
      replace: `import { enterAgent, readAgent, writeAgent } from "../agents/agent.ts";`,
    },
    {
      file: "routes/memory.ts",
      find: `      const { token, agent } = await change(changes, request.params.id, () => ({ kind: "archive", data: {}, archive }));
      return reply.code(201).send({ seq: agent.version, token });`,
      replace: `      const { id } = request.params;
      const [{ token = 0 } = {}] = await db.query<{ token: number }>("select nextval('agent_lock_tokens') as token", []);
      await enterAgent(db, id, token);
      const seq = await writeAgent(db, id, token, { kind: "archive", data: {}, archive });
      if (seq === undefined) throw new Problem(409, "Somebody else changed the agent. Nothing was written; send the request again.");
      return reply.code(201).send({ seq, token });`,
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
