/** The catalogue of claims as a matrix: what tries each claim, what turns it, or why nothing tries it. */
import { type Claim, type Defect, type Experiment, type Readings, type Untried, untriedKinds } from "../core/experiment.ts";
import type { TargetConstants } from "../core/target.ts";
import { grouped, listed } from "../report/text.ts";

export interface ClaimRow extends Pick<Claim, "id" | "statement" | "document" | "where" | "decides"> {
  /** The number with its unit, as it is for this target, and why that number; "" where no number decides. */
  readonly bound: string;
  readonly readings: Readings | null;
  readonly triedBy: readonly { readonly experiment: string; readonly profile: Experiment["profile"] }[];
  /** Planted defects that turn it to violated. */
  readonly defects: readonly string[];
  /** null: an experiment tries it. */
  readonly untried: Untried | null;
}

export interface Catalogue {
  readonly claims: readonly Claim[];
  readonly experiments: readonly Experiment[];
  readonly defects: readonly Defect[];
  readonly constants: TargetConstants;
}

/** A row a claim, in the order of the claims. A claim that an experiment names is tried, whatever it says of itself. */
export function claimMatrix({ claims, experiments, defects, constants }: Catalogue): ClaimRow[] {
  return claims.map((claim) => {
    const { id, statement, document, where, decides, readings = null, untried = null } = claim;
    const triedBy = experiments.filter((one) => id in one.claims).map(({ id: experiment, profile }) => ({ experiment, profile }));
    return {
      ...{ id, statement, document, where, decides, readings, triedBy },
      bound: boundOf(claim, constants),
      defects: defects.filter((defect) => defect.claim === id).map((defect) => defect.id),
      untried: triedBy.length > 0 ? null : untried,
    };
  });
}

function boundOf({ bound }: Claim, constants: TargetConstants): string {
  if (bound === undefined) return "";
  const value = typeof bound.value === "number" ? bound.value : bound.value(constants);
  const number = value === undefined || Number.isNaN(value) ? "not declared by the target" : `${grouped(value)} ${bound.unit}`;
  return `${number}: ${bound.why}`;
}

/** What the catalogue lacks, a sentence each: a claim needs an experiment or a reason, and not both. */
export function gapsOf(claims: readonly Claim[], experiments: readonly Experiment[]): readonly string[] {
  return claims.flatMap(({ id, untried }) => {
    const tried = experiments.filter((one) => id in one.claims).map((one) => one.id);
    if (tried.length === 0 && untried === undefined) return [`No experiment tries ${id}, and its file says no reason (untried).`];
    if (tried.length > 0 && untried !== undefined) return [`${listed(tried)} tries ${id}, and its file still says why nothing does (untried).`];
    return [];
  });
}

/** The matrix as text: a block a claim, by document, and the counts at the end. */
export function claimTable(rows: readonly ClaimRow[]): string {
  const width = Math.max(0, ...rows.map(({ id }) => id.length)) + 2;
  const blocks = [...Map.groupBy(rows, ({ document }) => document)].map(
    ([document, all]) => `${document}\n\n${all.map((row) => block(row, width)).join("\n")}`,
  );
  return [...blocks, countsOf(rows)].join("\n\n");
}

function block(row: ClaimRow, width: number): string {
  const { untried } = row;
  const lines = [
    `${row.statement} (${row.where})`,
    `decided by: ${row.decides}`,
    ...(row.readings ? [`as documented: ${row.readings.documented}`, `as corrected: ${row.readings.corrected}`] : []),
    ...(row.bound === "" ? [] : [`bound: ${row.bound}`]),
    ...(row.triedBy.length > 0 ? [`tried by ${row.triedBy.map(({ experiment, profile }) => `${experiment} (${profile})`).join(", ")}`] : []),
    ...(row.triedBy.length > 0 ? [row.defects.length > 0 ? `turned by ${row.defects.join(", ")}` : "turned by no planted defect yet"] : []),
    ...(untried ? [`${untried.kind}: ${untriedText(untried)}`] : []),
  ];
  return lines.map((line, i) => `${(i === 0 ? row.id : "").padEnd(width)}${line}`).join("\n");
}

/** Where to look for it instead, and why no experiment tries it. */
export function untriedText(untried: Untried): string {
  if (untried.kind === "tested in the server") return `${untried.tests.join(", ")}. ${untried.reason}`;
  if (untried.kind === "measured as capacity") return `npm run capacity -- --only ${untried.study}. ${untried.reason}`;
  return untried.reason;
}

/** "102 claims: 16 tried by experiments, 14 of them with a planted defect; not tried: 57 tested in the server, ..." */
function countsOf(rows: readonly ClaimRow[]): string {
  const tried = rows.filter(({ triedBy }) => triedBy.length > 0);
  const turned = tried.filter(({ defects }) => defects.length > 0);
  const untried = untriedKinds
    .map((kind) => ({ kind, count: rows.filter((row) => row.untried?.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  const rest = untried.length > 0 ? `; by none: ${untried.join(", ")}` : "";
  return `${rows.length} claims: ${tried.length} tried by experiments, ${turned.length} of them turned by a planted defect${rest}.`;
}
