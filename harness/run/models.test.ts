import { resolve } from "node:path";
import { expect, it } from "vitest";
import { findModel, modelNames } from "./catalogue.ts";

const project = resolve(import.meta.dirname, "../..");

it("no two models go by one name", async () => {
  const names = await modelNames(project);
  const models = await Promise.all(names.map((name) => findModel(project, name)));
  const all = [...names, ...models.flatMap(({ model }) => model.aliases)];
  expect(all.length).toBe(new Set(all).size);
});

it("the names that Jepsen and Porcupine use are known", async () => {
  for (const name of ["owner-aware-mutex", "kv", "cas", "fifo-queue", "total-queue", "list-append"]) {
    expect((await findModel(project, name)).model.check).toBeTypeOf("function");
  }
  await expect(findModel(project, "regster")).rejects.toThrow(/^Unknown model "regster"\. There are: .*register/);
});
