/** The limit of all routes is the limit of this one. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "large-documents-refused",
  claim: "HA-9",
  what: "The body of an import may be no larger than any other body.",
  edits: [
    {
      file: "routes/documents.ts",
      find: "{ onRequest, bodyLimit, schema: { params, body: document",
      replace: "{ onRequest, schema: { params, body: document",
    },
  ],
  caughtBy: ["move-agents"],
} satisfies Defect;
