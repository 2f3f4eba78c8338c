/** Nine is more than ten. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "versions-compared-as-text",
  claim: "HA-10",
  what: "Whether the shared cache holds something newer is decided by the text of the versions.",
  edits: [
    {
      file: "store/versioned-cache.ts",
      find: "if held and tonumber(string.match(held, '^%d+')) > tonumber(ARGV[1]) then return 0 end",
      replace: "if held and string.match(held, '^%d+') > ARGV[1] then return 0 end",
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
