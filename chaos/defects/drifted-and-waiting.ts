/** Neither in nor out. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "drifted-and-waiting",
  claim: "HS-10",
  what: "An instance whose settings are not those of the others says so in its log and stays, unready, at its port, where the balancer leads clients to it.",
  edits: [
    {
      file: "instance.ts",
      find: "    await untilReachable(() => admitConfig(db, config), log, draining);\n",
      replace: `    await untilReachable(() => admitConfig(db, config), log, draining).catch((error) => {
      log.error({ err: error }, "kept out");
      return new Promise<void>((resolve) => draining.addEventListener("abort", () => resolve(), { once: true }));
    });
`,
    },
  ],
  caughtBy: ["drift-of-a-setting"],
} satisfies Defect;
