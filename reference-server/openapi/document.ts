/** The OpenAPI document, put together from the routes as Fastify knows them: what it says is what requests are checked against. */
import type { RouteOptions } from "fastify";

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** RFC 9457, as problem.ts sends it. */
const problem = {
  type: "object",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string" },
    request_id: { type: "string" },
  },
  required: ["type", "title", "status", "detail", "request_id"],
  additionalProperties: false,
};

/** Answers of every route: what is wrong with a request, or with the server, is said in one shape. */
const failure = {
  description: "A problem (RFC 9457).",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function parameters(place: "path" | "query" | "header", schema: unknown): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema;
  return Object.entries(properties).map(([name, each]) => ({ name, in: place, required: required.includes(name), schema: each }));
}

function successes(response: unknown): Record<string, object> {
  const declared = Object.entries((response ?? {}) as Record<string, { description?: string }>);
  if (declared.length === 0) return { "2XX": { description: "Done." } };
  const content = (schema: object) => ({ "application/json": { schema } });
  return Object.fromEntries(
    declared.map(([status, schema]) => [
      status,
      { description: schema.description ?? "Done.", ...("type" in schema || "anyOf" in schema ? { content: content(schema) } : {}) },
    ]),
  );
}

/** The document of these routes. HEAD goes with GET and is not listed. */
export function openApiDocument(routes: readonly RouteOptions[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url, schema } of routes) {
    for (const each of [method].flat()) {
      if (each === "HEAD") continue;
      const path = url.replaceAll(/:(\w+)/g, "{$1}");
      paths[path] ??= {};
      paths[path][each.toLowerCase()] = {
        operationId: `${each.toLowerCase()} ${path}`.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, ""),
        parameters: [...parameters("path", schema?.params), ...parameters("query", schema?.querystring), ...parameters("header", schema?.headers)],
        ...(schema?.body ? { requestBody: { required: true, content: { "application/json": { schema: schema.body } } } } : {}),
        responses: { ...successes(schema?.response), default: failure },
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
