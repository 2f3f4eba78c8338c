/** A handler whose clock is behind is dead to everybody from its first beat on: its runs are taken from it while it works on them. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "heartbeat-by-own-clock",
  claim: "LG-8",
  what: "A heartbeat is stamped by the clock of the instance instead of Redis's.",
  edits: [
    {
      file: "runs/heartbeat.ts",
      find: `for _, member in ipairs(ARGV) do redis.call('ZADD', KEYS[1], now, member) end`,
      replace: `for i = 2, #ARGV do redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i]) end`,
    },
    {
      file: "runs/heartbeat.ts",
      find: `await redis.client.eval(beatScript, 1, heartbeatsKey, ...`,
      replace: `await redis.client.eval(beatScript, 1, heartbeatsKey, String(Date.now()), ...`,
    },
  ],
  caughtBy: ["skew-clocks"],
} satisfies Defect;
