/** The ledger seen as intervals: one section for each attempt of a run and each critical section under a lock. */
import type { LedgerEntry } from "../core/records.ts";
import type { Counterexample } from "../core/verdict.ts";
import { at } from "./judge.ts";

export interface Section {
  readonly id: string;
  readonly scope: "run" | "lock";
  readonly subject: string;
  readonly token: number;
  readonly instance: string;
  /** The nonce of the enter: two sections that share it are one report, sent again over a new connection. */
  readonly nonce: string;
  readonly enteredSeq: number;
  readonly enteredAt: number;
  /** `open`: neither exit nor close was recorded; it ends after everything (Infinity). */
  readonly end: "exit" | "closed" | "open";
  readonly endSeq: number;
  readonly endAt: number;
  /** Resends (same nonce) are left out. */
  readonly steps: readonly LedgerEntry[];
}

export interface Sections {
  /** In the order of their enters. */
  readonly all: readonly Section[];
  readonly bySubject: ReadonlyMap<string, readonly Section[]>;
  /** Reports that no correct reporter makes: a step twice, out of order, after its exit, without an enter. */
  readonly oddities: readonly Counterexample[];
}

type Draft = { -readonly [K in keyof Section]: Section[K] } & { readonly steps: LedgerEntry[] };

const known = new WeakMap<readonly LedgerEntry[], Map<string, Sections>>();

/** Sections of one scope. One pass; the answer is kept for as long as the ledger is. */
export function sectionsOf(ledger: readonly LedgerEntry[], scope: "run" | "lock"): Sections {
  const kept = known.get(ledger) ?? new Map<string, Sections>();
  known.set(ledger, kept);
  const answer = kept.get(scope) ?? build(ledger, scope);
  kept.set(scope, answer);
  return answer;
}

/** Whether two sections are one report that was sent twice. */
export function sameReport(a: Section, b: Section): boolean {
  return a.nonce !== "" && a.nonce === b.nonce;
}

/** `attempt 2 on queue-1`, or for a lock `token 17 on api-1`. */
export function named(section: Section): string {
  return `${section.scope === "run" ? "attempt" : "token"} ${section.token} on ${section.instance}`;
}

function build(ledger: readonly LedgerEntry[], scope: "run" | "lock"): Sections {
  const drafts = new Map<string, Draft>();
  const bySubject = new Map<string, Draft[]>();
  const oddities: Counterexample[] = [];
  const odd = (entry: LedgerEntry, what: string): void => {
    const kind = entry.scope === "run" ? `attempt ${entry.token} of run` : `token ${entry.token} of agent`;
    oddities.push({ time: entry.time, text: `${kind} ${entry.subject} on ${entry.instance} ${what} (ledger ${entry.seq}, at ${at(entry.time)}).` });
  };
  for (const entry of inOrder(ledger)) {
    if (entry.scope !== scope) continue;
    const draft = drafts.get(entry.section);
    if (entry.kind === "enter") {
      if (draft === undefined) {
        const opened = open(entry);
        drafts.set(entry.section, opened);
        const same = bySubject.get(entry.subject);
        if (same) same.push(opened);
        else bySubject.set(entry.subject, [opened]);
      } else if (draft.nonce === "" || draft.nonce !== entry.nonce) odd(entry, "entered twice under one name");
      continue;
    }
    if (draft === undefined) {
      // A connection that closed before it reported anything has done nothing.
      // Leaving what was never entered is untidy and no effect: a process that was stopped between its dial and its first report does it.
      if (entry.kind === "step") odd(entry, `reported step ${entry.step} without having entered`);
      continue;
    }
    if (entry.kind === "step") {
      const resent = draft.steps[entry.step - 1];
      if (resent !== undefined && resent.nonce !== "" && resent.nonce === entry.nonce) continue;
      if (draft.end !== "open") odd(entry, `reported step ${entry.step} after its ${draft.end === "exit" ? "exit" : "connection had closed"}`);
      else if (resent !== undefined) odd(entry, `executed step ${entry.step} twice`);
      else if (entry.step !== draft.steps.length + 1) odd(entry, `reported step ${entry.step} after step ${draft.steps.length}`);
      draft.steps.push(entry);
    } else if (draft.end === "open") {
      draft.end = entry.kind;
      draft.endSeq = entry.seq;
      draft.endAt = entry.time;
    }
  }
  return { all: [...drafts.values()], bySubject, oddities };
}

function open(entry: LedgerEntry): Draft {
  return {
    id: entry.section,
    scope: entry.scope,
    subject: entry.subject,
    token: entry.token,
    instance: entry.instance,
    nonce: entry.nonce,
    enteredSeq: entry.seq,
    enteredAt: entry.time,
    end: "open",
    endSeq: Number.POSITIVE_INFINITY,
    endAt: Number.POSITIVE_INFINITY,
    steps: [],
  };
}

/** By `seq`, which is the order of one source; a file is nearly always in order already. */
export function inOrder<T extends { readonly seq: number }>(records: readonly T[]): readonly T[] {
  for (let i = 1; i < records.length; i++) {
    if ((records[i] as T).seq < (records[i - 1] as T).seq) return [...records].sort((a, b) => a.seq - b.seq);
  }
  return records;
}
