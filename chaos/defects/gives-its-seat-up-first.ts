/** The successor need not wait, it seems: but what is in progress goes on beside it, cut off from the database. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "gives-its-seat-up-first",
  claim: "HA-1",
  what: "An active instance that is told to stop gives up its seat at once, and then finishes what it has in progress.",
  edits: [
    {
      file: "instance.ts",
      find: "      // Given up last of all: nobody else serves before this instance has stopped to.\n      await term?.[Symbol.asyncDispose]();\n",
      replace: "",
    },
    {
      file: "instance.ts",
      find: "      drainingController.abort(new Stopping());",
      replace: "      await term?.[Symbol.asyncDispose]();\n      drainingController.abort(new Stopping());",
    },
  ],
  caughtBy: ["end-the-active-instance"],
} satisfies Defect;
