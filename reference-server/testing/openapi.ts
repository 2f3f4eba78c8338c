/** Requests made from the OpenAPI document: smallest valid ones, and ones that are wrong in one place. And answers held against it. */
import { Check, type XSchema } from "typebox/schema";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: Schema;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters, responses, requestBody } = operation as Pick<Operation, "parameters" | "responses"> & {
        requestBody?: { content: { "application/json": { schema: Schema } } };
      };
      return { method: method.toUpperCase(), path, parameters, responses, body: requestBody?.content["application/json"].schema };
    }),
  );
}

const texts = ["a", "1", "00000000-0000-4000-8000-000000000000", "text"];

/** The smallest value that the schema accepts. */
export function example(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return schema.anyOf[0] && example(schema.anyOf[0]);
  switch (schema.type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name) => [name, example(schema.properties?.[name] ?? {})]));
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => example(schema.items ?? {}));
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default: {
      const text = texts.find((each) => new RegExp(schema.pattern ?? "", "u").test(each)) ?? "a";
      return text.padEnd(schema.minLength ?? 0, text);
    }
  }
}

/** Values of every other JSON type. */
export function wrongTypes({ type, anyOf, const: constant }: Schema): unknown[] {
  const values: [string, unknown][] = [
    ["string", "x"],
    ["integer", 1.5],
    ["integer", "1"],
    ["number", "1"],
    ["boolean", "true"],
    ["object", "x"],
    ["object", []],
    ["array", {}],
  ];
  if (type === "string") return [1, null, {}, ["x"], true];
  if (constant !== undefined || anyOf) return [{ wrong: 1 }];
  return values.flatMap(([of, value]) => (of === type && of !== "string" ? [value] : []));
}

/** What the document has against an answer; undefined if it is as described. */
export function objection({ components }: Document, { responses }: Operation, { status, headers }: Response, text: string): string | undefined {
  const described = responses[String(status)];
  if (!described) return `an answer ${status} is not described`;
  if (!described.content) return text === "" ? undefined : `an answer ${status} has no content`;
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  const schema = described.content[type]?.schema;
  if (!schema) return `an answer ${status} is not of type "${type}"`;
  if (!type.endsWith("json")) return undefined;
  const resolved = schema.$ref === "#/components/schemas/Problem" ? components.schemas.Problem : schema;
  return resolved && Check(resolved as XSchema, JSON.parse(text)) ? undefined : `an answer ${status} is not ${text.slice(0, 300)}`;
}

/** The operation's path with its parameters filled in: `values` as they stand, the rest by their examples. */
export function pathOf({ path, parameters }: Operation, values: Readonly<Record<string, string>> = {}): string {
  const given = parameters.filter((parameter) => parameter.in === "path");
  return given.reduce((filled, { name, schema }) => filled.replace(`{${name}}`, values[name] ?? encodeURIComponent(String(example(schema)))), path);
}
