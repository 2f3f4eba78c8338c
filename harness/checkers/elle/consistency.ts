/**
 * Which anomalies rule out which consistency models. Names and relations follow Elle, which took them from Adya ("Weak Consistency", 1999), Bailis et al.
 * ("Highly Available Transactions", 2013), Cerone, Bernardi and Gotsman ("A Framework for Transactional Consistency Models with Atomic Visibility", 2015) and
 * Daudjee and Salem (2004, 2006).
 */
type Relation = Readonly<Record<string, readonly string[]>>;

/** Cycles by how they are made up; each is also the `-process` and the `-realtime` variant of itself. */
const cycles: Relation = {
  G0: ["G1c"],
  G1c: ["G1"],
  G1: [],
  "G-single-item": ["G-single", "G-nonadjacent-item"],
  "G-single": ["G-nonadjacent"],
  "G-nonadjacent-item": ["G-nonadjacent", "G2-item"],
  "G-nonadjacent": ["G2"],
  "G2-item": ["G2"],
  G2: [],
};

/** What else an anomaly is. */
const implied: Relation = {
  ...Object.fromEntries(
    Object.entries(cycles).flatMap(([name, weaker]) => [
      [name, [...weaker, `${name}-process`]],
      [`${name}-process`, [...weaker.map((one) => `${one}-process`), `${name}-realtime`]],
      [`${name}-realtime`, weaker.map((one) => `${one}-realtime`)],
    ]),
  ),
  G1a: ["G1"],
  G1b: ["G1"],
  "incompatible-order": ["G1a"],
  "dirty-update": ["G1a"],
  // What nobody wrote was read before it was committed, whoever made it up.
  unwritten: ["G1a"],
  "future-read": ["G1c"],
  "lost-update": ["G2-item"],
};

/** The next weaker models. */
const weaker: Relation = {
  "strong-serializable": ["serializable", "strong-session-serializable", "strong-snapshot-isolation"],
  "strong-session-serializable": ["serializable", "strong-session-snapshot-isolation"],
  "strong-snapshot-isolation": ["strong-session-snapshot-isolation", "strong-read-committed"],
  "strong-session-snapshot-isolation": ["snapshot-isolation", "strong-session-read-committed"],
  "strong-read-committed": ["strong-session-read-committed", "strong-read-uncommitted"],
  "strong-session-read-committed": ["read-committed", "strong-session-read-uncommitted"],
  "strong-read-uncommitted": ["strong-session-read-uncommitted"],
  "strong-session-read-uncommitted": ["read-uncommitted"],
  serializable: ["repeatable-read", "update-serializable", "snapshot-isolation"],
  "update-serializable": ["forward-consistent-view"],
  "snapshot-isolation": ["forward-consistent-view", "monotonic-atomic-view", "monotonic-snapshot-read", "parallel-snapshot-isolation", "prefix"],
  "forward-consistent-view": ["consistent-view"],
  "consistent-view": ["cursor-stability", "monotonic-view"],
  "repeatable-read": ["cursor-stability", "monotonic-atomic-view"],
  "parallel-snapshot-isolation": ["causal-cerone", "update-atomic"],
  prefix: ["causal-cerone"],
  "causal-cerone": ["read-atomic"],
  "update-atomic": ["read-atomic"],
  "read-atomic": ["monotonic-atomic-view"],
  "monotonic-atomic-view": ["read-committed"],
  "monotonic-snapshot-read": ["read-committed"],
  "monotonic-view": ["read-committed"],
  "cursor-stability": ["read-committed"],
  "read-committed": ["read-uncommitted"],
  "read-uncommitted": [],
};

/** What each model forbids beyond the weaker ones. */
const forbids: Relation = {
  "strong-serializable": ["G1", "G1c-realtime", "G2-realtime"],
  "strong-session-serializable": ["G1-process", "G2-process"],
  "strong-snapshot-isolation": ["internal", "G1-realtime", "G-nonadjacent-realtime"],
  "strong-session-snapshot-isolation": ["internal", "G1-process", "G-nonadjacent-process"],
  "strong-read-committed": ["G1c-realtime"],
  "strong-session-read-committed": ["G1c-process"],
  "strong-read-uncommitted": ["G0-realtime"],
  "strong-session-read-uncommitted": ["G0-process"],
  serializable: ["G1", "G2", "internal", "predicate-read-miss"],
  "update-serializable": ["G1"],
  "snapshot-isolation": ["internal", "G1", "G-nonadjacent"],
  "forward-consistent-view": ["G1"],
  "consistent-view": ["G1", "G-single"],
  "repeatable-read": ["G1", "G2-item", "lost-update"],
  "parallel-snapshot-isolation": ["internal", "G1a"],
  prefix: ["internal", "G1a"],
  "causal-cerone": ["internal", "G1a"],
  "update-atomic": ["lost-update"],
  "read-atomic": ["internal", "G1a", "future-read"],
  "monotonic-snapshot-read": ["G1"],
  "monotonic-view": ["G1"],
  "cursor-stability": ["G1", "lost-update"],
  "read-committed": ["G1"],
  "read-uncommitted": ["G0", "duplicate-elements", "cyclic-versions"],
};

const synonyms: Readonly<Record<string, string>> = { "strict-serializable": "strong-serializable", "conflict-serializable": "serializable" };

/** The name under which a model is known here; undefined: it is not. */
export function modelNamed(name: string): string | undefined {
  const canonical = synonyms[name] ?? name;
  return canonical in weaker ? canonical : undefined;
}

export const modelNames: readonly string[] = [...Object.keys(weaker), ...Object.keys(synonyms)].sort();

function reach(from: Iterable<string>, next: (name: string) => Iterable<string>): Set<string> {
  const reached = new Set(from);
  // A set that grows while it is walked is walked to its new end.
  for (const name of reached) for (const more of next(name)) reached.add(more);
  return reached;
}

const inverse = (relation: Relation) => (name: string) => Object.keys(relation).filter((one) => relation[one]?.includes(name));

/** The anomalies with all that they also are. */
export function allImplied(anomalies: Iterable<string>): Set<string> {
  return reach(anomalies, (name) => implied[name] ?? []);
}

/** The anomalies that may not occur where these models hold and these anomalies are absent. */
export function prohibited(models: readonly string[], anomalies: readonly string[]): Set<string> {
  const all = reach(models, (name) => weaker[name] ?? []);
  return reach([...anomalies, ...[...all].flatMap((name) => forbids[name] ?? [])], inverse(implied));
}

/** The weakest models that the anomalies rule out, and the strongest they leave of the wanted ones and what is weaker. */
export function boundary(
  anomalies: Iterable<string>,
  wanted: readonly string[],
): { readonly not: readonly string[]; readonly strongest: readonly string[] } {
  const all = allImplied(anomalies);
  const impossible = reach(
    Object.keys(forbids).filter((model) => forbids[model]?.some((name) => all.has(name))),
    inverse(weaker),
  );
  const below = (model: string): Set<string> => reach(weaker[model] ?? [], (name) => weaker[name] ?? []);
  const left = [...reach(wanted, (name) => weaker[name] ?? [])].filter((model) => !impossible.has(model));
  const covered = new Set(left.flatMap((model) => [...below(model)]));
  return {
    not: [...impossible]
      .filter(
        (model) =>
          !below(model)
            .values()
            .some((name) => impossible.has(name)),
      )
      .sort(),
    strongest: left.filter((model) => !covered.has(model)).sort(),
  };
}
