/** The final table of claims for the terminal. */
import type { SuiteVerdict, Verdict } from "../core/verdict.ts";
import { verdictOrder } from "./model.ts";
import { duration, listed, oneLine } from "./text.ts";
import { columns, cut, pad } from "./width.ts";
import { busyMachine, countOf, headline, marks, untriedBy, weakCoverage } from "./words.ts";

export interface TerminalOptions {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Colours as SGR sequences; honouring NO_COLOR is the caller's business. */
  readonly color: boolean;
}

const colours: Readonly<Record<Verdict | "bold" | "dim", string>> = {
  holds: "36",
  violated: "1;31",
  inconclusive: "33",
  "out of reach": "2",
  "not tried": "2",
  bold: "1",
  dim: "2",
};

const verdictWidth = 16;

/** Lines ending in a newline, none wider than `columns` (at least 40) but for commands. Violated claims first, told in full, with the commands that repeat them last. */
export function terminalSummary(suite: SuiteVerdict, options: TerminalOptions): string {
  const width = Math.max(40, Math.min(options.columns, 200));
  const paint = (how: keyof typeof colours, text: string): string => (options.color ? `\u001b[${colours[how]}m${text}\u001b[0m` : text);
  const tried = suite.claims
    .filter((claim) => claim.verdict !== "not tried" && claim.verdict !== "out of reach")
    .toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const idWidth = Math.min(12, Math.max(6, ...tried.map((claim) => columns(oneLine(claim.id)))));
  const byWidth = width >= 100 ? Math.min(34, Math.max(10, ...tried.map((claim) => columns(decided(claim.decidedBy))))) : 0;
  const summaryWidth = width - verdictWidth - idWidth - 2 - (byWidth > 0 ? byWidth + 2 : 0);
  const lines: string[] = [];

  if (suite.defect) {
    lines.push(
      ...wrap(`Planted defect: ${oneLine(suite.defect)}. ${oneLine(suite.defectWhat.slice(0, 400))}`, width).map((line) => paint("bold", line)),
      "",
    );
  }
  for (const claim of tried) {
    const verdict = paint(claim.verdict, pad(`${marks[claim.verdict]} ${claim.verdict}`, verdictWidth));
    const id = paint("bold", pad(cut(oneLine(claim.id), idWidth), idWidth));
    const by = decided(claim.decidedBy);
    if (summaryWidth < 24) {
      lines.push(`${verdict}${id}`, ...wrap(claim.summary, width - 2, 3).map((line) => `  ${line}`));
    } else if (claim.verdict === "holds") {
      lines.push(
        `${verdict}${id}  ${pad(cut(claim.summary, summaryWidth), byWidth > 0 ? summaryWidth : 0)}${byWidth > 0 ? `  ${paint("dim", cut(by, byWidth))}` : ""}`.trimEnd(),
      );
    } else {
      wrap(claim.summary, summaryWidth, 8).forEach((line, row) => {
        const left = row === 0 ? `${verdict}${id}  ` : " ".repeat(verdictWidth + idWidth + 2);
        lines.push(`${left}${row === 0 && byWidth > 0 ? `${pad(line, summaryWidth)}  ${paint("dim", cut(by, byWidth))}` : line}`.trimEnd());
      });
    }
  }
  if (tried.length > 0) lines.push("");
  for (const verdict of ["out of reach", "not tried"] as const) {
    const n = countOf(suite.claims, verdict);
    const reasons = untriedBy(suite.claims, verdict);
    const ids = reasons.flatMap(([, all]) => all);
    const which = n <= 12 ? `: ${listed(ids)}` : ` (${reasons.map(([why, all]) => `${all.length} ${why}`).join(", ")})`;
    if (n > 0) lines.push(...wrap(`${marks[verdict]} ${n} ${verdict}${which}`, width, 4).map((line) => paint("dim", line)));
  }
  const weak = weakCoverage(suite.sometimes);
  if (weak !== "") lines.push(...wrap(weak, width, 4).map((line) => paint("dim", line)));
  const busy = busyMachine(suite.experiments);
  if (busy !== "") lines.push(...wrap(busy, width, 6).map((line) => paint("inconclusive", line)));
  const worst = verdictOrder.find((verdict) => countOf(suite.claims, verdict) > 0) ?? "not tried";
  lines.push(...wrap(`${headline(suite.claims)}. Seed ${suite.seed}, ${duration(suite.durationMs)}.`, width).map((line) => paint(worst, line)));
  for (const repeat of repeats(suite)) lines.push(`${paint("dim", "Repeat:")} ${repeat}`);
  return `${lines.join("\n")}\n`;
}

/** Commands are not wrapped: they are there to be copied. */
function repeats(suite: SuiteVerdict): string[] {
  const violated = suite.experiments.filter((experiment) => experiment.claims.some((claim) => claim.verdict === "violated"));
  return [...new Set(violated.map((experiment) => oneLine(experiment.repeat.slice(0, 500))))].filter((command) => command !== "").slice(0, 5);
}

function decided(by: readonly string[]): string {
  const first = by[0];
  return first === undefined ? "" : oneLine(by.length === 1 ? first : `${first} +${by.length - 1}`);
}

/** Words onto lines; a word that is too long is broken, what is beyond `most` lines is cut with an ellipsis. */
function wrap(text: string, width: number, most = 6): string[] {
  const words = oneLine(text.slice(0, width * most * 4)).split(" ");
  const lines: string[] = [""];
  for (const word of words) {
    let rest = word;
    const last = lines[lines.length - 1] ?? "";
    if (last !== "" && columns(last) + 1 + columns(rest) <= width) {
      lines[lines.length - 1] = `${last} ${rest}`;
      continue;
    }
    if (last !== "") lines.push("");
    while (columns(rest) > width) {
      const head = Array.from(rest)
        .slice(0, Math.max(1, width >> 1))
        .join("");
      lines[lines.length - 1] = head;
      lines.push("");
      rest = rest.slice(head.length);
    }
    lines[lines.length - 1] = rest;
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(" "), width)];
}
