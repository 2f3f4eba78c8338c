/** Test helper: the published schema of verdict.json, closed. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";

/** A field that the schema does not name is an error here, so that the schema cannot fall behind what is written. */
export async function schemaOfVerdicts() {
  const text = await readFile(resolve(import.meta.dirname, "../../docs/verdict.schema.json"), "utf8");
  const closed = JSON.parse(text, (_, value) =>
    value?.type?.includes?.("object") && value.properties && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
  return new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(closed);
}
