import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "exhausted-is-a-mistake",
  claim: "HA-5",
  what: "A caller that gets no connection in time is told of a mistake of the server.",
  edits: [
    {
      file: "problem.ts",
      find: 'return new Problem(503, "The instance is busy: no database connection became free in time. Send the request again later.", 1);',
      replace: 'return new Problem(500, "The server made a mistake.");',
    },
  ],
  caughtBy: ["overrun-the-pool"],
} satisfies Defect;
