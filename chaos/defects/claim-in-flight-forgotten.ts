/** Handing back what was claimed in the moment of the signal is a second statement for something that hardly ever happens, and the sweepers find such runs anyway. Those runs stay with an instance that has gone until the heartbeat that they never had is missed: five to six seconds, at every deployment. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "claim-in-flight-forgotten",
  claim: "LG-9",
  what: "Runs that were claimed in the moment in which the instance was told to stop are left to the sweepers.",
  edits: [
    {
      file: "runs/queue.ts",
      find: "if (draining.signal.aborted) return await giveBack(claim);",
      replace: "if (draining.signal.aborted) return;",
    },
  ],
  caughtBy: ["stop-instances-politely"],
} satisfies Defect;
