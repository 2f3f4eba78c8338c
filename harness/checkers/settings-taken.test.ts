import { expect, test } from "vitest";
import { allGiven, placeThatCounts } from "../core/settings.ts";
import { evidence, injected } from "./fixtures.ts";
import { settingsTaken } from "./settings-taken.ts";

const check = settingsTaken({ secret: "KEY", plain: "NAME" });

/** What a good server makes of everything. */
const well: Readonly<Record<string, number>> = Object.fromEntries(
  allGiven.flatMap(({ secret, plain }) => {
    const [key, name] = [`KEY ${secret.join("+")}`, `NAME ${secret.join("+")}`];
    const counts = placeThatCounts(secret);
    if (counts === undefined)
      return [
        [`${key} took refused`, 1],
        [`${key} lines`, 1],
        [`${key} named`, 1],
        [`${key} values`, 0],
      ];
    return [
      [`${key} took ${counts}`, 1],
      [`${name} took ${placeThatCounts(plain)}`, 1],
    ];
  }),
);

/** With other numbers in place of those of some settings. */
function seen(changes: Readonly<Record<string, number>> = {}, without = "nothing") {
  const kept = Object.entries(well).filter(([name]) => !name.startsWith(`${without} `));
  const numbers = { ...Object.fromEntries(kept), ...changes };
  const faults = injected("give-settings-twice", "settings", 1000, 20_000);
  return check(evidence({ faults: faults.map((event) => (event.phase === "biting" ? { ...event, numbers } : event)) }));
}

test("the right places hold", () => expect(seen()).toMatchObject({ verdict: "holds", examined: 23, numbers: { missed: 0 } }));

test("nothing is known without a look, or when one of them was not decided in time", () => {
  expect(check(evidence()).verdict).toBe("inconclusive");
  expect(seen({}, "KEY dotenv")).toMatchObject({ verdict: "inconclusive", summary: "Of 1 settings it was not seen in time what counted." });
});

const twice = "KEY environment+environment-file";
test.each<[string, Record<string, number>, string, string]>([
  [
    "the .env file against the environment",
    { "KEY environment+dotenv took dotenv": 1 },
    "KEY environment+dotenv",
    "by the environment and by the .env file: the .env file counted, and the environment was to",
  ],
  ["a name of the wrong place", { "NAME environment+dotenv took dotenv": 1 }, "NAME environment+dotenv", "NAME was given by the environment"],
  ["a file that is not read", { "KEY environment-file took none": 1 }, "KEY environment-file", "none of the places counted"],
  ["two values that both count", { "KEY environment+dotenv took dotenv": 1 }, "nothing", "the environment and the .env file counted"],
  ["a value that is refused", { "KEY dotenv took refused": 1 }, "KEY dotenv", "it was refused, and the .env file was to count"],
  ["what nobody can know", { [`${twice} took environment`]: 1 }, twice, "the process started, and the environment counted"],
  ["a secret in the error", { [`${twice} values`]: 1 }, "nothing", "the error tells 1 of the secrets"],
  ["an error without the name", { [`${twice} named`]: 0 }, "nothing", "the error does not name the setting"],
  ["a flood for an error", { [`${twice} lines`]: 9 }, "nothing", "the error is 9 lines long"],
  ["no error at all", { [`${twice} lines`]: 0 }, "nothing", "the error is 0 lines long"],
])("%s violates", (_, changes, without, text) => {
  const judged = seen(changes, without);
  expect(judged).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged.summary).toContain(text);
});

test("what was found stands, whatever else was not decided", () => expect(seen({ [`${twice} values`]: 1 }, "KEY dotenv").verdict).toBe("violated"));
