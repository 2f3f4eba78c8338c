import fc from "fast-check";
import { expect, test } from "vitest";
import { allGiven, type Place, places, placeThatCounts } from "./settings.ts";

test.each<[readonly Place[], Place | undefined]>([
  [["environment", "dotenv"], "environment"],
  [["dotenv-file", "environment-file"], "environment-file"],
  [["empty-variable", "dotenv"], "dotenv"],
  [["environment", "environment-file"], undefined],
  [["dotenv", "dotenv-file"], undefined],
  [["lost-file"], undefined],
  [["empty-variable"], undefined],
])("of %j counts %s", (given, place) => expect(placeThatCounts(given)).toBe(place));

test("the order in which places are named decides nothing", () => {
  const all = Object.keys(places) as Place[];
  fc.assert(fc.property(fc.shuffledSubarray(all), (given) => placeThatCounts(given) === placeThatCounts(all.filter((one) => given.includes(one)))));
});

test("every pair of the four places is tried, and each once", () => {
  const tried = allGiven.map(({ secret }) => secret.join("+"));
  expect(new Set(tried).size).toBe(tried.length);
  const four = ["environment", "environment-file", "dotenv", "dotenv-file"] as const;
  for (const one of four)
    for (const other of four)
      expect(allGiven.some(({ secret }) => secret.length === (one === other ? 1 : 2) && secret.includes(one) && secret.includes(other))).toBe(true);
});
