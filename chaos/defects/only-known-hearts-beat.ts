/** What is gone is not missed by whoever only updates. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "only-known-hearts-beat",
  claim: "AB-18",
  what: "After the first one a heartbeat only renews the entry that is there, and never puts one there again.",
  edits: [
    {
      file: "runs/heartbeat.ts",
      find: "for _, member in ipairs(ARGV) do redis.call('ZADD', KEYS[1], now, member) end",
      replace:
        "local begun = tonumber(ARGV[1])\n  for i = 2, #ARGV do\n    if i <= begun + 1 then redis.call('ZADD', KEYS[1], now, ARGV[i]) else redis.call('ZADD', KEYS[1], 'XX', now, ARGV[i]) end\n  end",
    },
    {
      file: "runs/heartbeat.ts",
      find: "for (const attempt of renewed) beaten.add(attempt);",
      replace:
        "const begun = renewed.filter((attempt) => !beaten.has(attempt));\n    const known = renewed.filter((attempt) => beaten.has(attempt));\n    for (const attempt of begun) beaten.add(attempt);",
    },
    {
      file: "runs/heartbeat.ts",
      find: "await redis.client.eval(beatScript, 1, heartbeatsKey, ...renewed.map((attempt) => memberOf(attempt.run)));",
      replace:
        "await redis.client.eval(beatScript, 1, heartbeatsKey, begun.length, ...[...begun, ...known].map((attempt) => memberOf(attempt.run)));",
    },
  ],
  caughtBy: ["evict-from-redis"],
} satisfies Defect;
