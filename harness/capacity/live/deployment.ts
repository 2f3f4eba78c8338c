/** A deployment that stays up while windows are measured on it, one after another: the usual stack with a study's settings and a variant's changes. */
import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { openJournal } from "../../base/journal.ts";
import type { LedgerEntry, Sample } from "../../core/records.ts";
import type { InstanceEdges, Target } from "../../core/target.ts";
import { type ProcessDriver, startStack } from "../../drivers/process/stack.ts";
import type { Stack } from "../../drivers/stack.ts";
import { openLedger } from "../../run/ledger.ts";
import { startSampler } from "../../run/sampler.ts";
import type { InstanceLimit } from "../limit.ts";
import type { Environment, Study, Variant } from "../study.ts";

export interface Deployment extends AsyncDisposable {
  readonly stack: Stack;
  readonly target: Target;
  readonly clock: Clock;
  readonly limits: readonly InstanceLimit[];
  /** Its private directory, below which its programs work. */
  readonly directory: string;
  /** Its folder in the report. */
  readonly folder: string;
  /** Readings of gauges in [from, to) (ms of the clock). */
  samples(from: number, to: number): readonly Sample[];
}

/** The target as the study and the variant want it: further settings, gauges and source. */
export function targetOf(target: Target, study: Study, variant: Variant, project: string): Target {
  return {
    ...target,
    ...(variant.project === undefined ? {} : { tree: relative(project, join(variant.project, target.tree)) }),
    metrics: { ...target.metrics, gauges: { ...target.metrics.gauges, ...study.gauges } },
    spec(edges) {
      const spec = target.spec(edges);
      return { ...spec, env: { ...spec.env, ...settingsOf(edges.role, study.environment, variant.environment) } };
    },
  };
}

/** The later ones win. */
function settingsOf(role: string, ...environments: readonly (Environment | undefined)[]): Record<string, string> {
  return Object.assign({}, ...environments.map((environment) => ({ ...environment?.["*"], ...environment?.[role] })));
}

/** What a setting is for instances of a role. */
function settingOf(target: Target, role: string, name: string): string | undefined {
  const nowhere = { host: "127.0.0.1", port: 0, user: "", password: "", database: "" };
  const edges: InstanceEdges = { instance: "", role, port: 0, postgres: nowhere, redis: nowhere, ledger: "" };
  return target.spec(edges).env[name];
}

export async function openDeployment(options: {
  readonly driver: ProcessDriver;
  readonly target: Target;
  readonly study: Study;
  readonly variant: Variant;
  /** Of it among those of the run: a folder's name. */
  readonly name: string;
  readonly reports: string;
  readonly clock: Clock;
}): Promise<Deployment> {
  const { driver, study, variant, clock } = options;
  const target = targetOf(options.target, study, variant, driver.project);
  const folder = join(options.reports, options.name);
  const logs = join(folder, "logs");
  await mkdir(logs, { recursive: true });
  await using resources = new AsyncDisposableStack();
  // The judge's ledger is part of what a run costs; its record is not needed here.
  const ledger = resources.use(openLedger(clock, silent<LedgerEntry>()));
  const edits = variant.edits ?? [];
  const stack = resources.use(
    await startStack(driver, {
      target,
      defect: edits.length > 0 ? { id: variant.id, claim: "", what: variant.what, edits, caughtBy: [] } : undefined,
      topology: study.topology,
      proxied: Object.keys(variant.latencyMs ?? {}),
      name: options.name,
      logs,
      ledgerFor: (instance) => ledger.addressFor(instance),
    }),
  );
  for (const [edge, latencyMs] of Object.entries(variant.latencyMs ?? {})) {
    const behind = edge.slice(edge.indexOf("->"));
    const role = edge.slice(0, edge.indexOf("->"));
    const meant = stack.edges.filter(({ name }) => name.endsWith(behind) && (role === "*" || name.startsWith(`${role}-`)));
    for (const one of meant) await one.addToxic({ type: "latency", stream: "downstream", attributes: { latency: latencyMs, jitter: 0 } });
  }
  const journal = resources.use(openJournal<Sample>(join(folder, "samples.jsonl")));
  const kept: Sample[] = [];
  const keep = {
    ...journal,
    write(sample: Sample) {
      journal.write(sample);
      kept.push(sample);
    },
  };
  resources.use(startSampler({ stack, target, clock, journal: keep }));
  const owned = resources.move();
  return {
    stack,
    target,
    clock,
    folder,
    limits: study.limits((role, name) => settingOf(target, role, name)),
    directory: join(driver.directory, options.name),
    samples: (from, to) => kept.filter(({ time }) => time >= from && time < to),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function silent<T>() {
  return { write: (_: T) => {}, assertWritable() {}, async [Symbol.asyncDispose]() {} };
}
