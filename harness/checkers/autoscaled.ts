/** AB-16: Kubernetes' autoscaler with the target's own settings, replayed on what its instances were measured to take: it settles, does not flap, and keeps up. */
import { type Autoscaling, type Replayed, replayAutoscaling, syncMs, turns } from "../core/hpa.ts";
import { rulesFromNumbers } from "../core/scaling-rules.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { loadEndsAt } from "./load-rate.ts";

/** From a decision to a pod that is ready (ms): it is started, and asked after ten seconds and every five. */
const startMs = 30_000;
const perMinute = 60_000 / syncMs;
/** Of what the fewest pods carry, in a calm. */
const calm = 0.5;
const least = 100;

/** A load in units of what one instance carries with a core of its own: calm, a rise to `peak`, which ebbs by a third every two minutes, and calm again. */
function loadsUpTo(peak: number, base: number): { readonly loads: readonly number[]; readonly settled: readonly number[] } {
  const minutes = (count: number, load: (share: number, minute: number) => number): number[] =>
    Array.from({ length: count * perMinute }, (_, i) => load(i / (count * perMinute), i / perMinute));
  const wave = (minute: number): number => peak * (1 - (1 - Math.cos(Math.PI * minute)) / 6);
  const before = minutes(15, () => base);
  const rise = minutes(6, (share) => base + (peak - base) * share);
  const high = minutes(30, (_, minute) => wave(minute));
  const fall = minutes(6, (share) => peak - (peak - base) * share);
  const after = minutes(20, () => base);
  const loads = [...before, ...rise, ...high, ...fall, ...after];
  const ends = [before.length, before.length + rise.length + high.length, loads.length];
  return { loads, settled: ends };
}

interface Measured {
  readonly memoryPercent: number;
  readonly cpuMsPerRequest: number;
}

/** What the instances of the front role took under the load; undefined when too little was seen. */
function measured(evidence: Evidence, role: string, requestedMiB: number): Measured | undefined {
  const ends = loadEndsAt(evidence.operations);
  const own = evidence.samples.filter(({ source, time, values }) => source.startsWith(`${role}-`) && time < ends && values.cpuPercent !== undefined);
  const instances = new Set(own.map(({ source }) => source)).size;
  const mean = (of: string): number => own.reduce((sum, { values }) => sum + (values[of] ?? 0), 0) / own.length;
  const [from, to] = [own[0]?.time ?? 0, own[own.length - 1]?.time ?? 0];
  const served = evidence.operations.filter(({ served, answeredAt }) => served === "yes" && answeredAt >= from && answeredAt <= to).length;
  if (served < least || to <= from) return undefined;
  const cpuMsPerRequest = (instances * (mean("cpuPercent") / 100) * (to - from)) / served;
  return cpuMsPerRequest > 0 ? { cpuMsPerRequest, memoryPercent: (100 * mean("rssMb")) / requestedMiB } : undefined;
}

/** `role`: the one that is scaled. The load is told in requests of what one of its instances, which runs on one core, was measured to take. */
export function autoscaled({ role }: { readonly role: string }): Checker {
  return (evidence) => {
    const property = "the autoscaler settles and keeps up";
    const [look] = seenBiting(evidence.faults, "read-the-autoscaler");
    const { minReplicas = 0, maxReplicas = 0, cpuPercent = 0, requestedCores = 0, requestedMiB = 0 } = look?.numbers ?? {};
    const costs = look && measured(evidence, role, requestedMiB);
    if (!look || !costs)
      return conclude(property, 0, [], { holds: "", nothing: "The manifest was not read, or too little was served to tell what a request takes." });
    const settings: Autoscaling = {
      ...{ minReplicas, maxReplicas, tolerance: 0.1, up: rulesFromNumbers("up", look.numbers), down: rulesFromNumbers("down", look.numbers) },
      targets: { cpu: cpuPercent, memory: look.numbers.memoryPercent ?? 0 },
    };
    // What the documented targets are meant for: three quarters of the most, at 70 %.
    const peak = 0.7 * 0.75 * 10;
    const { loads, settled } = loadsUpTo(peak, calm * 3);
    const behind: number[] = [];
    const replayed = replayAutoscaling({
      settings,
      loads,
      startMs,
      utilisation: (load, ready) => {
        if (load > ready) behind.push(load - ready);
        return { cpu: (100 * Math.min(load, ready)) / (ready * requestedCores), memory: costs.memoryPercent };
      },
    });
    const found = accusations(replayed, settled, behind.length).map((text): Counterexample => ({ time: look.bitingAt, text }));
    const most = Math.max(...replayed.map(({ replicas }) => replicas));
    const perSecond = 1000 / costs.cpuMsPerRequest;
    const text = {
      holds: `Replayed for ${Math.round(loads.length / perMinute)} minutes with up to ${(peak * perSecond).toFixed(0)} requests/s of ${costs.cpuMsPerRequest.toFixed(2)} ms CPU each, as measured, the autoscaler went from ${minReplicas} to ${most} pods and back, and nobody waited.`,
      nothing: "",
    };
    return conclude(property, replayed.length, found, text, { most, turns: turns(replayed), behind: behind.length, ...costs });
  };
}

function accusations(replayed: readonly Replayed[], settled: readonly number[], behind: number): readonly string[] {
  const changed = turns(replayed);
  const lastMinutes = 3 * perMinute;
  const restless = settled.filter((end) => new Set(replayed.slice(end - lastMinutes, end).map(({ replicas }) => replicas)).size > 1).length;
  return [
    ...(changed > 1 ? [`The autoscaler turned ${changed} times under a load that rises once and falls once.`] : []),
    ...(restless > 0 ? [`After ${restless} of ${settled.length} long stretches of one load the number of pods still changed.`] : []),
    ...(behind > 0 ? [`In ${behind} of ${replayed.length} looks the ready pods could not serve what came.`] : []),
  ];
}
