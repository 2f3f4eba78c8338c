/** Once the input of a run is deleted, the hash of it is the last trace of what a user had sent, and is deleted with it. But the row stays to answer the request when it is sent again, and now every repetition differs from it: a client that retries late is told 422 that it used the key for another body. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "hash-not-kept",
  claim: "FR-9",
  what: "Retention takes the hash of the request with the input: a request that is sent again later is refused as another one.",
  edits: [
    {
      file: "runs/retention.ts",
      find: "update runs set input = '{}', result = null",
      replace: "update runs set input = '{}', request_hash = '', result = null",
    },
  ],
  caughtBy: ["repeat-creates-late"],
} satisfies Defect;
