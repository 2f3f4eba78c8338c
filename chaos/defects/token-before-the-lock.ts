/** Both answers are needed, so both are asked for at once. But who draws his token first need not have the lock first: he who waited holds it with the smaller number, and the agent refuses his write. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "token-before-the-lock",
  claim: "HS-6",
  what: "The token of a lock in Redis is drawn before the lock is asked for.",
  edits: [
    {
      file: "locks/redis-lock.ts",
      find: "      let failure: unknown;\n",
      replace:
        "      let failure: unknown;\n      const drawn = await db.query<Row & { token: number }>(\"select nextval('agent_lock_tokens') as token\", []);\n",
    },
    {
      file: "locks/redis-lock.ts",
      find: "const [row] = await db.query<Row & { token: number }>(\"select nextval('agent_lock_tokens') as token\", []);\n          if (row",
      replace: "const [row] = drawn;\n          if (row",
    },
  ],
  caughtBy: ["pause-a-holder-in-redis"],
} satisfies Defect;
