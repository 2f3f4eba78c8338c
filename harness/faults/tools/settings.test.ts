import { expect, test } from "vitest";
import { settingsIn } from "./settings.ts";

test.each([
  ["A=1 B=2", " ", { A: "1", B: "2" }],
  ["A=1,B=two words", ",", { A: "1", B: "two words" }],
  ["URL=postgres://host/db?sslmode=off B=", " ", { URL: "postgres://host/db?sslmode=off", B: "" }],
  ["", ",", {}],
] as const)("%j, with %j between, are %j", (text, between, settings) => expect(settingsIn(text, between)).toEqual(settings));
