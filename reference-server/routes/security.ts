/**
 * Roles, API keys and the audit log; a balancer lets only some addresses reach these. A key is known alike to every instance: looked up in
 * Redis, and in Postgres when it is not there. Without either nobody is let in.
 */
import { Type } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import { readAudit } from "../security/audit.ts";
import { createKey, hashKey, type Identity, identify, keyHashes, listPrincipals, type Role, revokeKey, setRole } from "../security/principals.ts";
import type { Server, ServerContext } from "../server.ts";
import { openCache } from "../store/versioned-cache.ts";
import { closed, runParams as keyParams, name, nothing, problems, wholeNumber } from "./schemas.ts";

const principalParams = Type.Object({ name });
const role = Type.Union([Type.Literal("user"), Type.Literal("auditor"), Type.Literal("admin")]);
const roleBody = Type.Object({ role }, closed);
const keyBody = Type.Object({ principal: name }, closed);
const listQuery = Type.Object({ after: Type.Optional(name) }, closed);
const auditQuery = Type.Object({ after: Type.Optional(wholeNumber) }, closed);

const principal = Type.Object({ name: Type.String(), role }, closed);
const identity = Type.Object({ principal: Type.String(), role }, closed);
const newKey = Type.Object({ id: Type.String(), key: Type.String() }, closed);
const auditEntry = Type.Object(
  {
    number: Type.Integer(),
    at: Type.String(),
    actor: Type.String(),
    action: Type.String(),
    subject: Type.String(),
    detail: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);

/** The key in `Authorization: Bearer` or `X-API-Key`. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(headers.authorization ?? "")?.[1];
  const header = headers["x-api-key"];
  return bearer ?? (typeof header === "string" && header !== "" ? header : undefined);
}

/** 401 without a key that is known, 403 without the role for it; every change is in the audit log (AB-14, AB-18, HS-22). */
export function securityRoutes(app: Server, { db, redis, config }: ServerContext): void {
  const cache = openCache<Identity>(redis, "api-key:", config.cacheTtlMs);

  const authorise = async (request: FastifyRequest, ...allowed: readonly Role[]): Promise<{ principal: string; role: Role }> => {
    const key = keyOf(request);
    const hash = key === undefined ? undefined : hashKey(key);
    const identity = hash === undefined ? undefined : (await cache.read(hash, () => identify(db, hash))).value;
    if (!identity?.role) throw new Problem(401, "An API key that is valid is needed: Authorization: Bearer KEY.");
    if (!allowed.includes(identity.role)) {
      request.log.warn({ principal: identity.principal, role: identity.role }, "refused");
      throw new Problem(403, `This needs the role ${allowed.join(" or ")}, and ${identity.principal} has ${identity.role}.`);
    }
    return { principal: identity.principal, role: identity.role };
  };
  /** Tells Redis what has become of the principal's keys; if it is not reached, their entries end by themselves. */
  const refresh = async (principal: string, asOf: number | undefined): Promise<void> => {
    for (const hash of await keyHashes(db, principal)) {
      const identity = await identify(db, hash);
      if (identity) cache.store(hash, identity, asOf);
    }
  };

  app.get("/api/v1/security/me", { schema: { response: { 200: identity, ...problems(401, 403) } } }, async (request) => {
    return authorise(request, "user", "auditor", "admin");
  });

  app.get(
    "/api/v1/security/roles",
    { schema: { querystring: listQuery, response: { 200: Type.Object({ principals: Type.Array(principal) }, closed), ...problems(401, 403) } } },
    async (request) => {
      await authorise(request, "auditor", "admin");
      return { principals: await listPrincipals(db, request.query.after ?? "") };
    },
  );

  app.put(
    "/api/v1/security/roles/:name",
    { schema: { params: principalParams, body: roleBody, response: { 200: principal, ...problems(401, 403) } } },
    async (request) => {
      const { principal: actor } = await authorise(request, "admin");
      const principal = { name: request.params.name, role: request.body.role };
      const asOf = await cache.now();
      await setRole(db, actor, principal);
      await refresh(principal.name, asOf);
      return principal;
    },
  );

  app.post("/api/v1/security/keys", { schema: { body: keyBody, response: { 201: newKey, ...problems(401, 403, 422) } } }, async (request, reply) => {
    const { principal: actor } = await authorise(request, "admin");
    const made = await createKey(db, actor, request.body.principal);
    if (!made) throw new Problem(422, "There is no such principal. Give it a role first.");
    return reply.code(201).header("Cache-Control", "no-store").send(made);
  });

  app.delete(
    "/api/v1/security/keys/:id",
    { schema: { params: keyParams, response: { 204: nothing("The key is ended."), ...problems(401, 403, 404) } } },
    async (request, reply) => {
      const { principal: actor } = await authorise(request, "admin");
      const asOf = await cache.now();
      const owner = await revokeKey(db, actor, request.params.id);
      if (owner === undefined) throw new Problem(404, "There is no key with this id.");
      await refresh(owner, asOf);
      return reply.code(204).send();
    },
  );

  app.get(
    "/api/v1/security/audit",
    { schema: { querystring: auditQuery, response: { 200: Type.Object({ entries: Type.Array(auditEntry) }, closed), ...problems(401, 403) } } },
    async (request) => {
      await authorise(request, "auditor", "admin");
      return { entries: await readAudit(db, Number(request.query.after ?? 0)) };
    },
  );
}
