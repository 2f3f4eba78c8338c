/** Parts of requests and answers that several routes share. */
import { Type } from "@fastify/type-provider-typebox";
import { positionPattern } from "../store/replica.ts";

/** Nothing but what is named. */
export const closed = { additionalProperties: false };

/** Text that Postgres can store: no NUL, no half of a surrogate pair (JSON can carry both). */
export function storableText(minLength: number, maxLength: number) {
  return Type.String({ minLength, maxLength, pattern: "^[^\\u0000\\ud800-\\udfff]*$" });
}

export const agentId = Type.String({ pattern: "^[A-Za-z0-9._:-]{1,200}$" });
export const agentParams = Type.Object({ id: agentId });

/** A whole number in a query or a header, which are text: checked by pattern and not converted. */
export const wholeNumber = Type.String({ pattern: "^[0-9]{1,15}$" });

/** The name of a block, a property, a principal. */
export const name = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9_.-]{0,99}$" });

export const uuid = Type.String({ pattern: "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" });

export const runParams = Type.Object({ id: uuid });

/** The id as everybody else writes it: messages about a run, and whoever waits for them, know it by its small letters. */
export function runIdOf({ id }: { readonly id: string }): string {
  return id.toLowerCase();
}

export const latency = Type.Union([Type.Literal("fixed"), Type.Literal("lognormal"), Type.Literal("long_tail")]);
export const seed = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });

export const stepMs = Type.Integer({ minimum: 0, maximum: 300_000 });

/** What a run is to do. */
export const runInput = Type.Object(
  {
    steps: Type.Integer({ minimum: 1, maximum: 1000 }),
    step_ms: stepMs,
    latency: Type.Optional(latency),
    seed: Type.Optional(seed),
    tokens: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
    fail_with: Type.Optional(Type.Object({ step: Type.Integer({ minimum: 1, maximum: 1000 }), message: storableText(1, 1000) }, closed)),
  },
  closed,
);

/** Whom to tell of a run's end. */
export const webhookUrl = Type.String({ minLength: 1, maxLength: 2000, pattern: "^https?://[!-~]+$" });

// Headers and queries are text: they are checked by pattern and not converted.
export const createHeaders = Type.Object({ "idempotency-key": Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) });

/** Free properties, all of them plain values that jsonb can hold. */
export const properties = Type.Record(name, Type.Union([storableText(0, 10_000), Type.Number(), Type.Boolean(), Type.Null()]), {
  maxProperties: 100,
  ...closed,
});

/** A version that the client has seen: the change is refused when there is a newer one. */
export const ifMatch = Type.Optional(Type.String({ pattern: '^"[0-9]{1,15}"$' }));
/** Where the client has got to in the database's log, as it was last answered. */
export const position = Type.Optional(Type.String({ pattern: positionPattern }));
export const positionHeaders = Type.Object({ "x-position": position });
/** Sets only what does not exist yet. */
export const ifNoneMatch = Type.Optional(Type.Literal("*"));

export const runStatus = Type.Union([
  Type.Literal("pending"),
  Type.Literal("running"),
  Type.Literal("success"),
  Type.Literal("error"),
  Type.Literal("cancelled"),
]);

/** What is wrong with a request, or with the server, in every answer that is no success (RFC 9457). */
export const problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    request_id: Type.String(),
  },
  closed,
);

/** The problems a route answers with, besides those that every route may have (openapi/document.ts). */
export function problems(...statuses: readonly number[]): object {
  return Object.fromEntries(statuses.map((status) => [status, problem]));
}

/** An answer that is not JSON. */
export function text(type: string, description: string) {
  return { description, content: { [type]: { schema: Type.String() } } };
}

/** An answer without a body. */
export function nothing(description: string) {
  return { description };
}

/** An agent as its readers get it. */
export const agentView = Type.Object(
  {
    id: Type.String(),
    version: Type.Integer(),
    blocks: Type.Record(Type.String(), Type.Object({ value: Type.String(), version: Type.Integer() }, closed)),
    state: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);

/** A change of an agent that was made: the fencing token it was made with and the version it made. */
export const changed = Type.Object({ agent: Type.String(), token: Type.Integer(), version: Type.Integer() }, closed);

/** A run that was accepted, now or by an earlier send. */
export const accepted = Type.Object({ id: Type.String(), status: runStatus, attempt: Type.Integer() }, closed);
