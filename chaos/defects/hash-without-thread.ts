/** The thread is in the path and not in the body, and only bodies are to be compared. A client that takes its keys from the content of a message gets, for the same words in another thread, the run of the first thread: nothing happens in the second one, and the answer is a success. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "hash-without-thread",
  claim: "FR-9",
  what: "A create in a thread whose key was used for the same body in another thread is answered with the run of that other thread.",
  edits: [
    {
      file: "runs/threads.ts",
      find: "requestHash(request, [threadId, rule])",
      replace: "requestHash(request, [rule])",
    },
  ],
  caughtBy: ["repeat-creates"],
} satisfies Defect;
