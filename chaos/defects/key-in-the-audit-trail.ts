/** The entry says which key was made. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-in-the-audit-trail",
  claim: "HS-11",
  what: "The audit log has the new key itself where it should have its id.",
  edits: [
    {
      file: "security/principals.ts",
      find: "JSON.stringify({ key: id })",
      replace: "JSON.stringify({ key })",
    },
  ],
  caughtBy: ["look-for-secrets"],
} satisfies Defect;
