/** How much is carried while instances die: shares of the sustainable rate, the highest first, until one loses and duplicates nothing. */
import { join } from "node:path";
import { exactlyOnce } from "../../checkers/exactly-once.ts";
import type { Experiment } from "../../core/experiment.ts";
import { loadFault } from "../../run/catalogue.ts";
import { conduct } from "../../run/conduct.ts";
import { judge } from "../../run/judge.ts";
import type { UnderFaults } from "../result.ts";
import type { FaultLoad, SearchStudy } from "../study.ts";
import { targetOf } from "./deployment.ts";
import type { Carrying } from "./run-capacity.ts";

/** The claim that the checkers are run under. */
const claim = "LG-5";

/** Each rate is an experiment of its own, recorded and judged like any other. */
export async function sustainUnderFaults(
  study: SearchStudy,
  faults: FaultLoad,
  sustainablePerSecond: number,
  carrying: Carrying,
): Promise<UnderFaults> {
  const { options, driver, directory } = carrying;
  const target = targetOf(options.target, study, options.variant, options.project);
  const tried: UnderFaults["tried"][number][] = [];
  for (const share of faults.shares) {
    const perSecond = Math.floor(sustainablePerSecond * share);
    const experiment = experimentOf(study, faults, perSecond);
    const folder = join(directory, experiment.id);
    await conduct(experiment, {
      ...{ driver, target, topology: study.topology, directory: folder, signal: options.signal, k6: options.parts.k6, seed: options.seed },
      defect: undefined,
      progress: { experiment() {}, phase: (name) => options.say(`  under faults at ${perSecond}/s: ${name}`), tick() {}, say: options.say },
      loadFault: (name) => loadFault(options.project, name),
    });
    const verdict = await judge({ experiment, target, directory: folder, defect: "", repeat: "", situations: [] });
    const decided = verdict.claims[0];
    const found = decided?.verdict === "holds" || decided?.verdict === "violated" ? decided.verdict : "inconclusive";
    tried.push({ perSecond, verdict: found, summary: decided?.summary ?? "nothing was checked" });
    options.say(`  under faults at ${perSecond}/s: ${found}: ${decided?.summary ?? ""}`);
    if (found === "holds") break;
  }
  const held = tried.find(({ verdict }) => verdict === "holds");
  return { study: study.id, killsPerMinute: 60_000 / faults.everyMs, sustainedPerSecond: held?.perSecond ?? null, tried };
}

function experimentOf(study: SearchStudy, faults: FaultLoad, perSecond: number): Experiment {
  const count = study.topology[faults.role] ?? 1;
  return {
    id: `${study.id}-under-faults-${perSecond}`,
    title: `${study.title}, while ${faults.role} instances die`,
    profile: "default",
    topology: study.topology,
    proxied: [],
    load: { scenario: faults.scenario, perSecond, settings: faults.settings },
    // One after another, in an order that the seed decides.
    schedule(random) {
      const victims = random.shuffle(Array.from({ length: count }, (_, i) => `${faults.role}-${i + 1}`));
      return Array.from({ length: faults.kills }, (_, i) => ({
        ...{ fault: "kill", on: victims[i % count] ?? `${faults.role}-1`, forMs: faults.downMs },
        atMs: i * faults.everyMs + random.integer(0, 500),
      }));
    },
    settleMs: 30_000,
    drainMs: 40_000,
    coverage: { operations: 500, operationsPerFault: 0, steady: true },
    claims: { [claim]: exactlyOnce({ boundMs: faults.boundMs }) },
  };
}
