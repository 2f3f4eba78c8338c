/** A request is over when its answer has been sent. One whose client goes before that never is: each leaves a place taken, until the instance has as many requests in progress as it may, and none, and refuses everybody until it is restarted. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "broken-off-counted-for-ever",
  claim: "HS-22",
  what: "A request whose client breaks off counts as in progress for ever.",
  edits: [
    {
      file: "app.ts",
      find: `reply.raw.once("close", () => {`,
      replace: `reply.raw.once("finish", () => {`,
    },
  ],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
