/** A holder that slept through its lease writes over what its successor has written. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-without-fencing",
  claim: "HA-13",
  what: "The agent accepts the write of whoever believes to hold its lock, whatever its token.",
  edits: [
    {
      file: "agents/agent.ts",
      find: `       where id = $1 and fence <= $2 and last_token <> $2`,
      replace: `       where id = $1 and last_token <> $2`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
