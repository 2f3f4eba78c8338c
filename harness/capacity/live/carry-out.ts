/** One study, by its kind: what it measures, and what that adds to the result. */
import { seeded } from "../../core/random.ts";
import { carriesMore, judgeGrowth, linear } from "../growth.ts";
import type { CapacityReport, DecidedClaim } from "../result.ts";
import type { RatesStudy, ScalingStudy, ScriptStudy, SearchStudy, Study, Variant } from "../study.ts";
import { compareLive } from "./compare-live.ts";
import { type Deployment, openDeployment } from "./deployment.ts";
import { findCapacity } from "./find-capacity.ts";
import { measureRates } from "./rates.ts";
import type { Carrying } from "./run-capacity.ts";
import { measureGrowth } from "./scale.ts";
import { runScript } from "./script.ts";
import { claimText, fitText, pointText, searchedText, sustainableLines } from "./terminal.ts";
import { sustainUnderFaults } from "./under-faults.ts";

type Part = Partial<CapacityReport>;

/** @returns what it adds to the result */
export async function carryOut(study: Study, carrying: Carrying): Promise<Part> {
  const { against, pairs } = carrying.options;
  if (against) return compare(study, against, pairs, carrying);
  switch (study.kind) {
    case "search":
      return search(study, carrying);
    case "scaling":
      return grow(study, carrying);
    case "rates":
      return rates(study, carrying);
    case "script":
      return script(study, carrying);
  }
}

function open(study: Study, { options, driver, clock, directory }: Carrying): Promise<Deployment> {
  const { target, variant } = options;
  return openDeployment({ driver, target, study, variant, clock, name: study.id, reports: directory });
}

async function compare(study: Study, against: Variant, pairs: number, carrying: Carrying): Promise<Part> {
  const { comparison, noise, pairs: measured } = await compareLive(study, against, pairs, carrying);
  const { say } = carrying.options;
  for (const { summary } of comparison.figures) say(`  ${summary}`);
  say(`  B (${against.what}) is ${comparison.verdict}: ${comparison.summary}`);
  const about = { scenario: study.load.scenario, settings: { ...study.load.settings, ...study.topology } };
  return { ...about, noise, pairs: measured, against: { what: against.what, verdict: comparison.verdict, summary: comparison.summary } };
}

async function search(study: SearchStudy, carrying: Carrying): Promise<Part> {
  const { options, measuring } = carrying;
  let found: Awaited<ReturnType<typeof findCapacity>>;
  {
    await using deployment = await open(study, carrying);
    found = await findCapacity(deployment, measuring, study, (window) => {
      carrying.note(study.id, window);
      options.say(searchedText(window));
    });
  }
  for (const line of sustainableLines(found, options.targetPerSecond)) options.say(line);
  const wanted = options.variant.caps;
  const claims: DecidedClaim[] = [];
  if (wanted !== undefined) claims.push(namedRightly(study, wanted, found.sustainable.limit));
  const { lowPerSecond } = found.sustainable;
  const underFaults =
    study.faults && options.faults && lowPerSecond > 0 ? await sustainUnderFaults(study, study.faults, lowPerSecond, carrying) : null;
  const about = { scenario: study.load.scenario, objectives: { ...study.objectives }, settings: { ...study.load.settings, ...study.topology } };
  const searches = [{ study: study.id, title: study.title, objectives: about.objectives, ...found }];
  return { ...found, ...about, searches, claims, underFaults };
}

/** The planted cap is what a search has to name. */
function namedRightly(study: SearchStudy, wanted: string, { by, evidence }: { readonly by: string; readonly evidence: string }): DecidedClaim {
  const verdict = by === wanted ? "holds" : by === "generator" || by === "unknown" ? "inconclusive" : "violated";
  return { id: "limit", study: study.id, verdict, summary: `The planted limit is the ${wanted}, and the ${by} was named: ${evidence}.` };
}

async function grow(study: ScalingStudy, carrying: Carrying): Promise<Part> {
  const { options, measuring } = carrying;
  await using deployment = await open(study, carrying);
  const { points, excuses } = await measureGrowth(deployment, measuring, study, (point) => {
    carrying.note(study.id, point);
    options.say(pointText(point));
  });
  const unusable = points
    .filter(({ validity }) => validity.voidBecause !== "")
    .map(({ instances, validity }) => `${instances} instances: ${validity.voidBecause}`);
  const sized = points.map(({ instances, achievedPerSecond }) => ({ instances, perSecond: achievedPerSecond }));
  // Noise makes windows slower and never faster: a void one excuses a shortfall, and takes nothing from what was reached all the same.
  const all = [...new Set([...unusable, ...excuses])];
  const asked = study.asks === "more" ? carriesMore(all) : linear(study.asks.linearWithin, all);
  const judged = judgeGrowth(sized, asked, seeded(options.seed, study.id));
  const verdict = judged.verdict === "holds" || judged.verdict === "violated" ? judged.verdict : "inconclusive";
  const claim: DecidedClaim = { id: study.claim, study: study.id, verdict, summary: judged.summary };
  const fit = fitText(judged);
  for (const line of [`  ${fit}`, claimText(claim)]) options.say(line);
  return { growth: [{ study: study.id, role: study.role, points, fit }], scaling: points, claims: [claim] };
}

async function rates(study: RatesStudy, carrying: Carrying): Promise<Part> {
  await using deployment = await open(study, carrying);
  const { rates, claim } = await measureRates(
    deployment,
    carrying.measuring,
    study,
    ({ name, serviceSeconds, measuredPerMinute, idealPerMinute, point }) => {
      carrying.note(study.id, point);
      carrying.options.say(
        `${pointText(point)}  ${name} at ${serviceSeconds} s: ${measuredPerMinute.toFixed(0)}/min, all places busy make ${idealPerMinute.toFixed(0)}`,
      );
    },
  );
  carrying.options.say(claimText(claim));
  return { rates, claims: [claim] };
}

async function script(study: ScriptStudy, carrying: Carrying): Promise<Part> {
  await using deployment = await open(study, carrying);
  const { script, claim } = await runScript(deployment, carrying.measuring, study, carrying.options.whole ? 1 : study.shortened);
  carrying.options.say(claimText(claim));
  return { script, claims: [claim] };
}
