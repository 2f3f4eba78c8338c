/** `runproof check FILE --model NAME`: anybody's history, judged by one model, told to people or as JSON. */
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { exit, messageOf, UserError } from "../base/errors.ts";
import type { Operation } from "../core/history.ts";
import type { Answer, Model, ModelOptions } from "../core/model.ts";
import { readHistory } from "../formats/history-file.ts";
import { lanesText, laneTable } from "../report/history-lanes.ts";
import { renderHistory } from "../report/html/history-page.ts";
import { figure, grouped, listed, oneLine } from "../report/text.ts";
import { findModel, modelNames } from "./catalogue.ts";
import { evidenceOf, type HistoryEvidence } from "./history-evidence.ts";

export interface HistoryCheck {
  readonly project: string;
  readonly path: string;
  readonly model: string | undefined;
  readonly options: ModelOptions;
  readonly json: boolean;
  readonly explain: boolean;
  readonly html: boolean;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

/** What a history was found to be: the answer, with what reading it had to say. */
interface JudgedHistory {
  readonly name: string;
  readonly model: Model;
  readonly operations: readonly Operation[];
  readonly answer: Answer;
  /** What judging left of the time limit. */
  readonly leftMs: number;
}

const anomaliesTold = 10;

/**
 * @returns the exit status: 0 valid, 1 not valid, 2 unknown
 * @throws UserError when there is no such model or the file is no history (file and line)
 */
export async function checkHistory(check: HistoryCheck): Promise<number> {
  const { out, path } = check;
  if (check.model === undefined) {
    throw new UserError(`${path} is a file: what is it a history of? Say --model NAME. There are: ${(await modelNames(check.project)).join(", ")}.`);
  }
  const judged = await judgeHistory(check.project, path, check.model, check.options);
  const { name, model, operations, answer } = judged;
  if (check.json) out.write(`${JSON.stringify(asJson(judged))}\n`);
  else out.write(told(name, answer));
  // Judging and explaining share one time limit.
  const evidence = check.explain || check.html ? evidenceOf(model, operations, answer, check.options, judged.leftMs) : null;
  // Standard output is the JSON and nothing else, where that was asked for.
  const aside = check.json ? check.err : out;
  if (check.explain) aside.write(evidence ? explained(evidence) : "Nothing is refused, so there is nothing to explain.\n");
  if (check.html) {
    const page = `${path}.html`;
    await writeFile(page, renderHistory({ file: basename(path), model: name, what: model.what, answer, operations, evidence })).catch((error) => {
      throw new UserError(`The page ${page} could not be written: ${messageOf(error)}`, exit.harness);
    });
    aside.write(`${page}\n`);
  }
  return exitStatus(answer);
}

export async function judgeHistory(project: string, path: string, modelName: string, options: ModelOptions): Promise<JudgedHistory> {
  const { name, model } = await findModel(project, modelName);
  const { operations, notes } = await readHistory(path);
  const deadline = options.now() + options.timeLimitMs;
  const answer = model.check(operations, options);
  return { name, model, operations, answer: { ...answer, notes: [...notes, ...answer.notes] }, leftMs: deadline - options.now() };
}

const exitStatus = ({ valid }: Answer): number => (valid === "unknown" ? exit.inconclusive : valid ? exit.holds : exit.violated);

function asJson({ name, answer }: JudgedHistory): Record<string, unknown> {
  const { valid, algorithm, operations, anomalies, ...rest } = answer;
  return { valid, model: name, algorithm, operations, anomalies, ...rest };
}

function told(name: string, { valid, algorithm, operations, anomalies, notes, numbers, not = [], strongest = [] }: Answer): string {
  const verdict = valid === "unknown" ? "unknown" : valid ? "valid" : "not valid";
  const kinds = [...Map.groupBy(anomalies, (anomaly) => anomaly.type)].map(([type, all]) =>
    all.length > 1 ? `${type} (${grouped(all.length)})` : type,
  );
  const lines = [
    `${verdict}: ${name}, ${grouped(operations)} operations, by ${algorithm}${kinds.length > 0 ? `: ${listed(kinds)}` : ""}`,
    ...anomalies.slice(0, anomaliesTold).map((anomaly) => `  ${anomaly.type}: ${oneLine(anomaly.text)}`),
    ...(anomalies.length > anomaliesTold ? [`  ... and ${grouped(anomalies.length - anomaliesTold)} more (--json lists all)`] : []),
    ...(not.length > 0 ? [`  so it is not ${listed(not)}`] : []),
    ...(strongest.length > 0 ? [`  nothing contradicts ${listed(strongest)}`] : []),
    ...notes.map((note) => `  note: ${oneLine(note)}`),
    ...Object.entries(numbers).map(([key, value]) => `  ${figure(key, value).join(": ")}`),
  ];
  return `${lines.join("\n")}\n`;
}

function explained({ operations, answer, how }: HistoryEvidence): string {
  const accused = new Set(answer.anomalies.flatMap((anomaly) => anomaly.operations));
  const texts = answer.anomalies.slice(0, anomaliesTold).map((anomaly) => `  ${anomaly.type}: ${oneLine(anomaly.text)}\n`);
  return `\n${how}\n${texts.join("")}\n${lanesText(laneTable(operations), accused)}\n`;
}
