/** The instance that made the key has put it into its own table, and asks nobody else. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "key-known-to-its-maker-only",
  claim: "HS-22",
  what: "A key that an administrator made is accepted by the instance that made it, and by no other.",
  edits: [
    {
      file: "routes/security.ts",
      find: `    if (!identity?.role) throw`,
      replace: `    if (identity && identity.principal !== "admin" && !madeHere.has(hash ?? "")) throw new Problem(401, "This key is not known here.");
    if (!identity?.role) throw`,
    },
    {
      file: "routes/security.ts",
      find: `    return reply.code(201)`,
      replace: `    madeHere.add(hashKey(made.key));
    return reply.code(201)`,
    },
    {
      file: "routes/security.ts",
      find: `export function securityRoutes(`,
      replace: `const madeHere = new Set<string>();
export function securityRoutes(`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
