/** The OpenAPI document, put together from the routes as Fastify knows them: what it says is what requests and answers are checked against. */
import { type Static, Type } from "@fastify/type-provider-typebox";
import type { RouteOptions } from "fastify";
import { closed, problem } from "../routes/schemas.ts";
import { isAboutTheInstance } from "../server.ts";

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

interface Answer {
  readonly description?: string;
  readonly content?: object;
}

/** The document itself, as an answer. */
export const documentView = Type.Object(
  {
    openapi: Type.Literal("3.1.0"),
    info: Type.Object({ title: Type.String(), version: Type.String() }, closed),
    paths: Type.Record(Type.String(), Type.Object({})),
    components: Type.Object({}),
  },
  closed,
);

/** What is wrong with a request, or with the server, is said in one shape. */
const failure = {
  description: "A problem (RFC 9457).",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function parameters(place: "path" | "query" | "header", schema: unknown): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema;
  return Object.entries(properties).map(([name, each]) => ({ name, in: place, required: required.includes(name), schema: each }));
}

/** The problems that a route may answer with before its own code is reached, or instead of its answer. */
function commonProblems(method: string, { url, schema }: RouteOptions): number[] {
  const takesBody = !/^(GET|DELETE)$/.test(method);
  const isChecked = takesBody || schema?.params || schema?.querystring || schema?.headers;
  return [
    ...(isChecked ? [400] : []),
    ...(takesBody ? [413, 415] : []),
    ...(schema?.params ? [414] : []),
    500,
    ...(isAboutTheInstance(url) ? [] : [503]),
  ];
}

function answer(declared: Answer): object {
  if (declared === problem) return failure;
  const { description = "Done.", ...schema } = declared;
  if (Object.keys(schema).length === 0) return { description };
  return { description, content: schema.content ?? { "application/json": { schema: declared } } };
}

function answers(method: string, route: RouteOptions): object {
  const declared = Object.entries((route.schema?.response ?? {}) as Record<string, Answer>).map(([status, each]) => [status, answer(each)]);
  return { ...Object.fromEntries(commonProblems(method, route).map((status) => [status, failure])), ...Object.fromEntries(declared) };
}

/** The document of these routes. HEAD goes with GET and is not listed. */
export function openApiDocument(routes: readonly RouteOptions[], version: string): Static<typeof documentView> {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { method, url, schema } = route;
    for (const each of [method].flat()) {
      if (each === "HEAD") continue;
      const path = url.replaceAll(/:(\w+)/g, "{$1}");
      paths[path] ??= {};
      paths[path][each.toLowerCase()] = {
        operationId: `${each.toLowerCase()} ${path}`.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, ""),
        parameters: [...parameters("path", schema?.params), ...parameters("query", schema?.querystring), ...parameters("header", schema?.headers)],
        ...(schema?.body ? { requestBody: { required: true, content: { "application/json": { schema: schema.body } } } } : {}),
        responses: { ...answers(each, route), default: failure },
      };
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: "Reference scaled agent server", version },
    paths,
    components: { schemas: { Problem: problem } },
  };
}
