/**
 * AB-4, HS-22: keys of principals with roles, known alike to every instance. Operations by the names given, each about a principal (its key): `give` (input `{role}`), `make` (output
 * `{keyId}`), `end` (input `{keyId}`), `use` (input `{keyId}`; output `{role}`, "none" where the key was not accepted, and `{principal}`), and `enter`, which not every role may (input
 * `{keyId}`; output `{allowed}`: "yes", "no", or "none").
 */
import type { Operation } from "../core/history.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { textField } from "./trail.ts";

export interface KeyNames {
  readonly give: string;
  readonly make: string;
  readonly end: string;
  readonly use: string;
  readonly enter: string;
  /** The roles that may enter, of all that are given. */
  readonly allowed: readonly string[];
  readonly roles: readonly string[];
}

/** What is known of one principal, and a use of one of its keys that was answered. */
interface Use {
  readonly use: Operation;
  readonly principal: string;
  readonly keyId: string;
  readonly made: Operation;
  readonly gives: readonly Operation[];
  readonly ends: readonly Operation[];
}

const notAccepted = "none";
const keyOf = (operation: Operation): string => textField(operation.input, "keyId");
/** Acknowledged, or of unknown outcome: it may have been done at any time since. */
const mayHaveBeenDone = ({ outcome }: Operation): boolean => outcome !== "fail";
const accepted = ({ output }: Operation): boolean => textField(output, "role") !== notAccepted && textField(output, "allowed") !== notAccepted;

/** All answered uses of keys that were made under the eyes of the record. */
function usesIn(operations: readonly Operation[], names: KeyNames): readonly Use[] {
  const wanted = new Set([names.give, names.make, names.end, names.use, names.enter]);
  const byPrincipal = Map.groupBy(
    operations.filter(({ f }) => wanted.has(f)),
    ({ key }) => key,
  );
  return [...byPrincipal].flatMap(([principal, all]) => {
    const made = new Map(all.filter(({ f, outcome }) => f === names.make && outcome === "ok").map((make) => [textField(make.output, "keyId"), make]));
    const gives = all.filter((one) => one.f === names.give && mayHaveBeenDone(one));
    const ends = all.filter((one) => one.f === names.end && mayHaveBeenDone(one));
    return all.flatMap((use) => {
      const make = made.get(keyOf(use));
      if (make === undefined || use.outcome !== "ok" || (use.f !== names.use && use.f !== names.enter)) return [];
      return [{ use, principal, keyId: keyOf(use), made: make, gives, ends: ends.filter((end) => keyOf(end) === keyOf(use)) }];
    });
  });
}

/** Whether an instance was killed between two moments. */
function kills({ faults }: Pick<Evidence, "faults">): (instance: string, after: number, before: number) => boolean {
  const all = injectionsOf(faults).filter(({ fault }) => fault === "kill");
  return (instance, after, before) => all.some((one) => one.on === instance && one.requestedAt >= after && one.bitingAt <= before);
}

/** What was found, by whether it is told by the order of events alone, and the figures that it is concluded with. */
interface Findings {
  readonly found: readonly Counterexample[];
  readonly late: readonly Counterexample[];
  readonly elsewhere: number;
  readonly afterKill: number;
  readonly numbers: Readonly<Record<string, number>>;
  readonly holds: string;
}

function concludeKeys(evidence: Evidence, property: string, boundMs: number, all: Findings): Check {
  const { found, late, elsewhere, afterKill, numbers, holds } = all;
  const nothing =
    elsewhere === 0
      ? "No key was used at another instance than at the one that wrote."
      : "No key was used after the instance that wrote had been killed.";
  const examined = afterKill === 0 ? 0 : elsewhere;
  const text = { holds, nothing };
  // What is late may be the machine's doing; the rest cannot be.
  if (found.length > 0) return conclude(property, examined, inTime([...found, ...late]), text, numbers);
  return concludeBound(evidence, boundMs, conclude(property, examined, inTime(late), text, numbers));
}

/**
 * A key that was acknowledged as made is accepted by every instance at once, as its principal's, until somebody asks to end it; and nobody accepts it once it has been ended for
 * longer than the target keeps a copy. It has to have been seen at other instances than the one that made it, and after that one had been killed.
 */
export function keysAcceptedAlike(names: KeyNames): Checker {
  const property = "a key is accepted alike everywhere";
  return (evidence) => {
    const boundMs = evidence.constants.cacheTtlMs;
    if (boundMs === undefined) return outOfReach(property, "cacheTtlMs");
    const killed = kills(evidence);
    const found: Counterexample[] = [];
    const late: Counterexample[] = [];
    let [elsewhere, afterKill, afterEnd, latestMs] = [0, 0, 0, 0];
    for (const { use, principal, keyId, made, ends } of usesIn(evidence.operations, names)) {
      if (use.invokedAt <= made.completedAt) continue;
      if (use.by !== made.by) elsewhere++;
      if (killed(made.by, made.completedAt, use.invokedAt)) afterKill++;
      const where = `key ${keyId} of ${principal}, made through ${made.by || "an instance"} and acknowledged at ${at(made.completedAt)}`;
      const asked = `${use.by || "an instance"} at ${at(use.completedAt)}`;
      if (!accepted(use)) {
        if (ends.some(({ invokedAt }) => invokedAt <= use.completedAt)) continue;
        found.push({ time: use.completedAt, text: `${where}, was not accepted by ${asked} (operations ${made.index}, ${use.index}).` });
        continue;
      }
      const whose = textField(use.output, "principal");
      if (use.f === names.use && whose !== principal)
        found.push({ time: use.completedAt, text: `${where}, was taken for a key of ${whose || "nobody"} by ${asked} (operation ${use.index}).` });
      const ended = first(ends.filter(({ outcome }) => outcome === "ok"));
      if (ended === undefined || ended.completedAt > use.invokedAt) continue;
      afterEnd++;
      const age = use.invokedAt - ended.completedAt;
      latestMs = Math.max(latestMs, age);
      if (age <= boundMs + toleranceMs(evidence, boundMs)) continue;
      const text = `${where}, was accepted by ${asked}, although it had been ended through ${ended.by || "an instance"} ${ms(age)} before; ${ms(boundMs)} are allowed (operations ${ended.index}, ${use.index}).`;
      late.push({ time: use.completedAt, text });
    }
    const numbers = { elsewhere, afterKill, acceptedAfterEnd: afterEnd, acceptedAfterEndMaxMs: latestMs };
    const holds = `Keys were used ${elsewhere} times at other instances than those that had made them, ${afterKill} times after these had been killed, and accepted; of those that had been ended none was accepted for longer than ${ms(latestMs)}, and ${ms(boundMs)} are allowed.`;
    return concludeKeys(evidence, property, boundMs, { found, late, elsewhere, afterKill, numbers, holds });
  };
}

/**
 * Every instance goes by the role that the principal was given last, or by one before it for no longer than the target keeps a copy; by a key that was made after the change, at once.
 * Judged by the role that is told and by what is allowed. A role that may have been given at any time, because nobody knows the outcome, is always possible.
 */
export function rolesShared(names: KeyNames): Checker {
  const property = "a role is the same everywhere";
  return (evidence) => {
    const boundMs = evidence.constants.cacheTtlMs;
    if (boundMs === undefined) return outOfReach(property, "cacheTtlMs");
    const killed = kills(evidence);
    const found: Counterexample[] = [];
    const late: Counterexample[] = [];
    let [elsewhere, afterKill, stale, oldestMs] = [0, 0, 0, 0];
    for (const { use, principal, made, gives } of usesIn(evidence.operations, names)) {
      const begun = gives.filter(({ invokedAt }) => invokedAt <= use.completedAt);
      const told = rolesTold(use, names);
      if (told === undefined || begun.length === 0) continue;
      const newest = last(begun.filter(({ completedAt }) => completedAt <= use.invokedAt));
      if (newest !== undefined && newest.by !== use.by) elsewhere++;
      if (newest !== undefined && killed(newest.by, newest.completedAt, use.invokedAt)) afterKill++;
      const shown = `${use.by || "an instance"} took ${principal} for ${told.join(" or ") || "nobody"} at ${at(use.completedAt)}`;
      const fitting = begun.filter((give) => told.includes(textField(give.input, "role")));
      if (fitting.length === 0) {
        found.push({ time: use.completedAt, text: `${shown}, which it had never been made (operation ${use.index}).` });
        continue;
      }
      // The change by which the role that is told was over; where it was given several times, the last of these.
      const over = fitting.map((give) => first(begun.filter(({ outcome, invokedAt }) => outcome === "ok" && invokedAt > give.completedAt)));
      const replaced = over.includes(undefined) ? undefined : last(over as readonly Operation[]);
      if (replaced === undefined || replaced.completedAt > use.invokedAt) continue;
      const age = use.invokedAt - replaced.completedAt;
      const change = `although ${replaced.by || "an instance"} had made it ${textField(replaced.input, "role")} ${ms(age)} before`;
      stale++;
      oldestMs = Math.max(oldestMs, age);
      if (made.invokedAt > replaced.completedAt) {
        const text = `${shown}, ${change}, and its key had been made after that (operations ${replaced.index}, ${made.index}, ${use.index}).`;
        found.push({ time: use.completedAt, text });
      } else if (age > boundMs + toleranceMs(evidence, boundMs))
        late.push({ time: use.completedAt, text: `${shown}, ${change}; ${ms(boundMs)} are allowed (operations ${replaced.index}, ${use.index}).` });
    }
    const numbers = { elsewhere, afterKill, staleUses: stale, staleMaxMs: oldestMs };
    const holds = `Roles were told or gone by ${elsewhere} times at other instances than those that had given them, ${afterKill} times after these had been killed; ${stale} were out of date, by at most ${ms(oldestMs)}; ${ms(boundMs)} are allowed.`;
    return concludeKeys(evidence, property, boundMs, { found, late, elsewhere, afterKill, numbers, holds });
  };
}

/** The roles that the answer fits; undefined where the key was not accepted. */
function rolesTold(use: Operation, { enter, allowed, roles }: KeyNames): readonly string[] | undefined {
  if (!accepted(use)) return undefined;
  if (use.f !== enter) return [textField(use.output, "role")];
  return textField(use.output, "allowed") === "yes" ? allowed : roles.filter((role) => !allowed.includes(role));
}

/** The one that was over first. */
function first(all: readonly Operation[]): Operation | undefined {
  return all.reduce<Operation | undefined>((best, one) => (best === undefined || one.completedAt < best.completedAt ? one : best), undefined);
}

/** The one that was over last. */
function last(all: readonly Operation[]): Operation | undefined {
  return all.reduce<Operation | undefined>((best, one) => (best === undefined || one.completedAt > best.completedAt ? one : best), undefined);
}
