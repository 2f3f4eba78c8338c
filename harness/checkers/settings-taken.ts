/** HS-19: of a setting that is given in several places the right one counts, and what nobody can decide is refused in one clear error (`give-settings-twice`). */
import { allGiven, type Place, places, placeThatCounts } from "../core/settings.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

const wordsOf = (place: string | undefined): string => places[place as Place] ?? "none of the places";

/** What was seen of one setting in some places: which values it took, and what it said where it refused. */
interface Seen {
  readonly took: readonly string[];
  readonly lines: number;
  readonly named: number;
  readonly values: number;
}

function seenOf(numbers: Readonly<Record<string, number>>, prefix: string): Seen {
  const of = (what: string): number => numbers[`${prefix} ${what}`] ?? 0;
  const took = Object.keys(numbers).flatMap((key) => (key.startsWith(`${prefix} took `) ? [key.slice(`${prefix} took `.length)] : []));
  return { took, lines: of("lines"), named: of("named"), values: of("values") };
}

/** What speaks against it, without its subject; undefined: nothing. */
function wrongIn({ took, lines, named, values }: Seen, right: Place | undefined): string | undefined {
  const refused = took.includes("refused");
  if (right !== undefined) {
    if (refused) return `it was refused, and ${wordsOf(right)} was to count`;
    return took.length === 1 && took[0] === right ? undefined : `${took.map(wordsOf).join(" and ")} counted, and ${wordsOf(right)} was to`;
  }
  if (!refused) return `the process started, and ${took.map(wordsOf).join(" and ")} counted, where nobody can know what was meant`;
  if (values > 0) return `the error tells ${values} of the secrets`;
  if (named === 0) return "the error does not name the setting";
  return lines === 1 ? undefined : `the error is ${lines} lines long, and one was to be told`;
}

/** @param secret,plain the names of the settings that were given */
export function settingsTaken(settings: { readonly secret: string; readonly plain: string }): Checker {
  const property = "the right place counts";
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let missed = 0;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "give-settings-twice")) {
      for (const given of allGiven)
        for (const kind of ["secret", "plain"] as const) {
          // Where it is refused for its secret, nobody asks for the other.
          if (kind === "plain" && placeThatCounts(given.secret) === undefined) continue;
          const seen = seenOf(numbers, `${settings[kind]} ${given.secret.join("+")}`);
          if (seen.took.length === 0) {
            missed++;
            continue;
          }
          examined++;
          const wrong = wrongIn(seen, placeThatCounts(given[kind]));
          if (wrong === undefined) continue;
          const where = given[kind].map(wordsOf).join(" and by ");
          found.push({ time, until, text: `${settings[kind]} was given by ${where}: ${wrong} (${id} at ${at(time)}).` });
        }
    }
    const text = {
      holds: `${settings.secret} and ${settings.plain} were given ${examined} times in one place and in two: each time the right one counted, or was refused in one line that names the setting and tells no secret.`,
      nothing: missed === 0 ? "No settings were given in two places." : `Of ${missed} settings it was not seen in time what counted.`,
    };
    return conclude(property, missed > 0 ? 0 : examined, inTime(found), text, { examined, missed });
  };
}
