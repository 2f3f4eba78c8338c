/** What the sentence of a counterexample names: records by their numbers, and what they are about. Pure. */
import type { ExperimentVerdict } from "../../core/verdict.ts";

/** One counterexample that is shown in full. */
export interface Cite {
  readonly claim: string;
  readonly property: string;
  /** Position among the counterexamples of its check. */
  readonly place: number;
  readonly time: number;
  readonly text: string;
  /** Runs, agents, keys, sessions: as the records spell them. */
  readonly subjects: readonly string[];
  readonly ledger: readonly number[];
  readonly transitions: readonly number[];
  readonly writes: readonly number[];
  readonly operations: readonly number[];
}

/** More of one experiment nobody reads, and each is looked for in every record. */
const citesAtMost = 6;
const subjectsAtMost = 2;
/** A shorter name is found everywhere. */
const subjectLeast = 3;

const subject = /\b(?:runs?|agents?|sessions?|keys?|read of|stream of|channel) ([A-Za-z0-9][\w.:#-]*[A-Za-z0-9])/g;

/** The first counterexample of each violated check, then the others, as far as there is room. */
export function citesOf(verdict: ExperimentVerdict): readonly Cite[] {
  const all = verdict.claims.flatMap(({ claim, checks }) =>
    checks
      .filter((check) => check.verdict === "violated")
      .flatMap(({ property, counterexamples }) =>
        counterexamples.map(
          ({ time, text }, place): Cite => ({ claim, property, place, time, text, subjects: subjectsOf(text), ...numbersOf(text) }),
        ),
      ),
  );
  return all
    .filter(({ text, ...cite }, i) => names(cite) && all.findIndex((one) => one.text === text) === i)
    .sort((a, b) => a.place - b.place)
    .slice(0, citesAtMost);
}

function names(cite: Pick<Cite, "subjects" | "ledger" | "transitions" | "writes" | "operations">): boolean {
  return cite.subjects.length + cite.ledger.length + cite.transitions.length + cite.writes.length + cite.operations.length > 0;
}

function subjectsOf(text: string): readonly string[] {
  const found = [...text.slice(0, 2000).matchAll(subject)].map(([, name = ""]) => name);
  return [...new Set(found.filter((name) => name.length >= subjectLeast && /\d/.test(name)))].slice(0, subjectsAtMost);
}

/** `(ledger 3404, 3410)`, `transition 77`, `operations 812, 833`: how checkers cite records. */
function numbersOf(text: string): Pick<Cite, "ledger" | "transitions" | "writes" | "operations"> {
  const of = (word: string): readonly number[] =>
    [...text.slice(0, 2000).matchAll(new RegExp(`\\b${word} (\\d+(?:, \\d+)*)`, "g"))]
      .flatMap(([, list = ""]) => list.split(", ").map(Number))
      .slice(0, 8);
  return { ledger: of("ledger"), transitions: of("transitions?"), writes: of("writes?"), operations: of("operations?") };
}
