/** A client that reuses a key by mistake is told that its request was accepted, and another one's run is its answer. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "body-not-compared",
  claim: "FR-9",
  what: "A request with a known idempotency key is answered with the run of that key, whatever it asks for.",
  edits: [
    {
      file: "runs/create.ts",
      find: `request_hash === hash ? "replay" : "conflict"`,
      replace: `request_hash === hash || hash !== "" ? "replay" : "conflict"`,
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
