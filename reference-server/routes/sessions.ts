/** Sessions and their costs, the same from every instance: kept in Postgres, read through Redis. */
import { Type } from "@fastify/type-provider-typebox";
import { Problem } from "../problem.ts";
import type { Server, ServerContext } from "../server.ts";
import { addCost, readSession, type Session, writeSession } from "../sessions/session.ts";
import { openCache } from "../store/versioned-cache.ts";
import { etag, versionIn } from "./change.ts";
import { closed, ifMatch, ifNoneMatch, runParams as params, problems, properties, wholeNumber } from "./schemas.ts";

const defaultTtlS = 86_400;

const putHeaders = Type.Object({ "if-match": ifMatch, "if-none-match": ifNoneMatch });
const putBody = Type.Object({ data: properties, ttl_s: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 * 86_400 })) }, closed);
const getQuery = Type.Object({ min_version: Type.Optional(wholeNumber) }, closed);
const costBody = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 200, pattern: "^[\\x21-\\x7e]*$" }),
    micros: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
  },
  closed,
);

const seen = Type.Object(
  { id: Type.String(), version: Type.Integer(), data: Type.Record(Type.String(), Type.Unknown()), cost_micros: Type.Integer() },
  closed,
);
const cost = Type.Object({ cost_micros: Type.Integer(), version: Type.Integer() }, closed);

/** Answers 404, 412 and 422 for what is not there, not as expected, or another cost under a known key (AB-4, HA-8). */
export function sessionRoutes(app: Server, { db, redis, config }: ServerContext): void {
  const cache = openCache<Session>(redis, "session:", config.cacheTtlMs);
  const none = (): Problem => new Problem(404, "There is no session with this id, or its time is over.");

  app.put(
    "/api/v1/sessions/:id",
    { schema: { params, headers: putHeaders, body: putBody, response: { 200: seen, ...problems(412) } } },
    async (request, reply) => {
      const { id } = request.params;
      const { data, ttl_s: ttlS = defaultTtlS } = request.body;
      const expected = request.headers["if-none-match"] ? 0 : versionIn(request.headers["if-match"]);
      const asOf = await cache.now();
      const session = await writeSession(db, id, { data, ttlS, expected });
      if (!session) throw new Problem(412, "The session is at another version, or not there. Read it again.");
      cache.store(session.id, session, asOf);
      return reply.header("ETag", etag(session.version)).send(session);
    },
  );

  // At most CACHE_TTL_MS behind; never behind `min_version`, the version its client has seen: so it reads its own writes on every instance.
  app.get(
    "/api/v1/sessions/:id",
    { schema: { params, querystring: getQuery, response: { 200: seen, ...problems(404, 409) } } },
    async (request, reply) => {
      const id = request.params.id.toLowerCase();
      const least = Number(request.query.min_version ?? 0);
      const cached = (await cache.read(id, () => readSession(db, id))).value;
      const session = cached && cached.version >= least ? cached : await readSession(db, id);
      if (!session) throw none();
      if (session.version < least) throw new Problem(409, `The session is at version ${session.version}, which is before the one you have seen.`);
      return reply.header("ETag", etag(session.version)).header("Cache-Control", "no-store").send(session);
    },
  );

  app.post("/api/v1/sessions/:id/costs", { schema: { params, body: costBody, response: { 200: cost, ...problems(404, 422) } } }, async (request) => {
    const { key, micros } = request.body;
    const asOf = await cache.now();
    const session = await addCost(db, request.params.id, key, micros);
    if (!session) throw none();
    if (session === "other") throw new Problem(422, "This key was used for another amount. Send a new key with a new cost.");
    cache.store(session.id, session, asOf);
    return { cost_micros: session.cost_micros, version: session.version };
  });
}
