/** Written by hand when something failed, past the log that knows what is secret. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "address-in-the-log",
  claim: "HS-11",
  what: "An instance that loses Redis writes the address it had, with its password, to its output.",
  edits: [
    {
      file: "store/redis.ts",
      find: `    if (error.message !== reported) log.warn(`,
      replace: `    if (error.message !== reported) console.error("redis connection failed:", url);
    if (error.message !== reported) log.warn(`,
    },
  ],
  caughtBy: ["look-for-secrets"],
} satisfies Defect;
