/** Whoever starts it has to see to the order, or to start it again and again. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ends-without-a-database",
  claim: "HS-2",
  what: "An instance that finds no database when it starts ends.",
  edits: [{ file: "store/migrate.ts", find: "if (!isTransient(error)) throw error;", replace: "throw error;" }],
  caughtBy: ["start-in-the-wrong-order"],
} satisfies Defect;
