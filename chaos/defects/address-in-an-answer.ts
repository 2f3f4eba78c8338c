/** Helpful to whoever is looking for the mistake, and to everybody else. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "address-in-an-answer",
  claim: "HS-11",
  what: "The answer to a request that failed by the server's mistake tells what it failed of, and where: the database's address, with its password.",
  edits: [
    {
      file: "problem.ts",
      find: `  return new Problem(500, "The server made a mistake. Its log has the details under this request's id.");`,
      replace: `  return new Problem(500, \`\${error} at \${process.env.DATABASE_URL}\`);`,
    },
  ],
  caughtBy: ["look-for-secrets"],
} satisfies Defect;
