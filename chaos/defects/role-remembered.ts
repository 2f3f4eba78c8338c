/** Who is no longer an administrator goes on being one wherever he was seen as one. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "role-remembered",
  claim: "AB-4",
  what: "An instance that has looked up whose an API key is, and with which role, never looks again.",
  edits: [
    {
      file: "routes/security.ts",
      find: `(await cache.read(hash, () => identify(db, hash))).value;`,
      replace: `(remembered.get(hash) ?? (await cache.read(hash, () => identify(db, hash))).value);
    if (hash !== undefined && identity) remembered.set(hash, identity);`,
    },
    {
      file: "routes/security.ts",
      find: `export function securityRoutes(`,
      replace: `const remembered = new Map<string, Identity>();
export function securityRoutes(`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
