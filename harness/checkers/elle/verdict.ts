/** From anomalies and dependencies to an answer: which consistency models a history of transactions rules out. */
import type { Json, Operation } from "../../core/history.ts";
import type { Answer, ModelOptions } from "../../core/model.ts";
import type { Findings } from "../findings.ts";
import { listOf } from "../linearizability/values.ts";
import { allImplied, boundary, modelNamed, modelNames, prohibited } from "./consistency.ts";
import { type Cycle, cyclesOf, type TimeEdges } from "./cycles.ts";
import { addProcessEdges, addRealtimeEdges, type GraphBuilder, kinds } from "./graph.ts";
import { estimatedBytes } from "./size.ts";

/** What is judged here is independent of what the transactions read and write. */
interface History {
  readonly transactions: readonly { readonly operation: Operation; readonly micros: readonly unknown[] }[];
  /** Why the history cannot be judged, a sentence; "" if it can. */
  readonly problem: string;
  /** Of a predicate read and an object, where there are such reads. */
  readonly pairs?: number;
}

export interface Dependencies {
  readonly algorithm: string;
  readonly graph: GraphBuilder;
  /** Anomalies that show without a cycle. */
  readonly found: Findings;
  /** Why transaction `to` comes after `from`, as the beginning of a sentence. */
  explain(from: number, to: number, kind: number): string;
}

/** What is asked: `consistency-models` that must hold (absent: strict serializability, null: none) and `anomalies` that must be absent. */
interface Question {
  readonly models: readonly string[];
  readonly prohibited: ReadonlySet<string>;
  readonly time: TimeEdges;
}

/** @returns what is asked, or a sentence that says what is wrong with the question */
function questionOf(settings: ModelOptions["settings"]): Question | string {
  const given = settings?.["consistency-models"];
  const names = given === undefined ? ["strict-serializable"] : (listOf(given) ?? []);
  const models = names.map((name) => modelNamed(String(name)));
  const unknown = names[models.indexOf(undefined)];
  if (unknown !== undefined) return `Unknown consistency model ${JSON.stringify(unknown)}. There are: ${modelNames.join(", ")}.`;
  const all = prohibited(
    models as string[],
    (listOf(settings?.anomalies ?? null) ?? []).map((name: Json) => String(name)),
  );
  const some = (suffix: string): boolean => [...all].some((name) => name.endsWith(suffix));
  return { models: models as string[], prohibited: all, time: some("-realtime") ? "realtime" : some("-process") ? "process" : "none" };
}

/**
 * @param dependenciesOf adds what it finds to a graph of as many transactions, and stops with what it has when `outOfTime` says so: each part of it holds by
 * itself; or says in a sentence why the history cannot be judged
 */
export function decide<H extends History>(
  history: H,
  options: ModelOptions,
  dependenciesOf: (history: H, outOfTime: () => boolean) => Dependencies | string,
): Answer {
  const { transactions } = history;
  const undecided = (note: string): Answer => ({
    valid: "unknown",
    algorithm: "dependency graph (Elle)",
    operations: transactions.length,
    anomalies: [],
    notes: [note],
    numbers: {},
  });
  if (history.problem !== "") return undecided(history.problem);
  if (transactions.length === 0) return undecided("No transaction was recorded, so nothing was examined.");
  const question = questionOf(options.settings);
  if (typeof question === "string") return undecided(question);
  const bytes = estimatedBytes(transactions, history.pairs ?? 0);
  if (bytes > options.memoryLimitBytes)
    return undecided(
      `To judge ${transactions.length} transactions takes about ${bytes} bytes, more than the memory limit of ${options.memoryLimitBytes} bytes.`,
    );
  const deadline = options.now() + options.timeLimitMs;
  let stopped = false;
  const outOfTime = (): boolean => {
    stopped ||= options.now() > deadline;
    return stopped;
  };
  const dependencies = dependenciesOf(history, outOfTime);
  if (typeof dependencies === "string") return undecided(dependencies);
  return answer(history, question, dependencies, { outOfTime, isComplete: !stopped });
}

function answer(
  history: History,
  question: Question,
  { algorithm, graph, found, explain }: Dependencies,
  { outOfTime, isComplete }: { outOfTime(): boolean; readonly isComplete: boolean },
): Answer {
  const operations = history.transactions.map(({ operation }) => operation);
  if (question.time === "realtime") addRealtimeEdges(graph, operations);
  else if (question.time === "process") addProcessEdges(graph, operations);
  const { cycles, undecided } = cyclesOf(graph.build(), question.time, outOfTime);
  for (const cycle of cycles) {
    const indices = cycle.steps.map(({ from }) => operations[from]?.index ?? 0);
    found.add(cycle.type, indices, () => `${prose(cycle, operations, explain)}.`);
  }
  const types = new Set(found.anomalies.map((anomaly) => anomaly.type));
  const anomalies = found.anomalies.filter(({ type }) => question.prohibited.has(type));
  const open = [...undecided].filter((type) => question.prohibited.has(type) && !allImplied(types).has(type));
  const valid = anomalies.length > 0 ? false : graph.isEmpty() || open.length > 0 || !isComplete ? "unknown" : true;
  const notes = [
    isComplete && graph.isEmpty() && "No transaction depends on another one (empty-transaction-graph), so there was no order to examine.",
    !isComplete && "The time ran out while the dependencies were gathered, so only a part of them was examined.",
    open.length > 0 && `The time ran out in the search for ${open.join(", ")}.`,
    ...found.untold(),
  ].filter((note) => note !== false);
  // With real time in the graph nobody looked for what sessions alone break, and what real time breaks may be that.
  const doubtful = [...types].filter((type) => type.endsWith("-realtime")).map((type) => type.replace("-realtime", "-process"));
  const { not } = boundary(types, question.models);
  const { strongest } = boundary([...types, ...doubtful], question.models);
  const numbers = Object.fromEntries([...types].map((type) => [`${type}Count`, found.count(type)]));
  return {
    valid,
    algorithm,
    operations: operations.length,
    anomalies,
    notes,
    numbers,
    not: valid === true ? [] : not,
    strongest: valid === "unknown" ? [] : strongest,
  };
}

function prose(
  { steps }: Cycle,
  operations: readonly { readonly index: number; readonly process: string }[],
  explain: Dependencies["explain"],
): string {
  const because = steps.map(({ from, to, kind }) => {
    const [a, b] = [operations[from], operations[to]];
    if (kind === kinds.realtime) return `operation ${a?.index} was answered before operation ${b?.index} was invoked`;
    if (kind === kinds.process) return `operation ${a?.index} came before operation ${b?.index} in process ${a?.process}`;
    return explain(from, to, kind);
  });
  return `${because.join("; ")}: each came before the next, and the last before the first`;
}
