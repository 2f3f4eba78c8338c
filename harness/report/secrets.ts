/** What the environment holds as a secret goes into no report, whatever log, error or value carried it into the record. Done before anything is cut or escaped. */
const secretName = /SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL|AUTHORIZATION|COOKIE/i;
/** A shorter value is a word like any other, and would be found everywhere. */
const lengthLeast = 8;

export interface Hide {
  text(of: string): string;
  /** Every string in a value of JSON, its keys too. */
  all<T>(of: T): T;
}

/** Takes every value of a variable with a secret's name out: as it is, and as JSON and addresses write it. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>>): Hide {
  const secrets = Object.entries(environment)
    .filter((entry): entry is [string, string] => secretName.test(entry[0]) && (entry[1]?.length ?? 0) >= lengthLeast)
    // The longest first: one may be a part of another.
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([name, value]) =>
      [...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])].map((written) => ({ name, written })),
    );
  const text = (of: string): string => secrets.reduce((left, { name, written }) => left.replaceAll(written, () => `[value of ${name}]`), of);
  const all = (of: unknown): unknown => {
    if (typeof of === "string") return text(of);
    if (Array.isArray(of)) return of.map(all);
    if (typeof of !== "object" || of === null) return of;
    return Object.fromEntries(Object.entries(of).map(([name, value]) => [text(name), all(value)]));
  };
  return { text, all: <T>(of: T): T => (secrets.length === 0 ? of : (all(of) as T)) };
}
