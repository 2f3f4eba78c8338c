/**
 * Sends only what the document says. Fastify's own serialiser would make "" of a null where the schema has a text, and leave out what it does
 * not know: a wrong schema would corrupt answers, and no test could see it. Here it is a mistake of the server, which its log names.
 */
import type { FastifySerializerCompiler } from "fastify";
import Schema, { type XSchema } from "typebox/schema";

/** Serialises an answer when it is as its schema says; throws otherwise. */
export function documentedOnly(): FastifySerializerCompiler<XSchema> {
  const compiled = new Map<XSchema, ReturnType<typeof Schema.Compile>>();
  return ({ schema, method, url, httpStatus }) => {
    const validator = compiled.get(schema) ?? Schema.Compile(schema);
    compiled.set(schema, validator);
    return (answer) => {
      if (validator.Check(answer)) return JSON.stringify(answer);
      const [, [first]] = validator.Errors(answer);
      throw new Error(
        `The answer ${httpStatus} of ${method} ${url} is not as its schema says: ${first?.instancePath ?? ""} ${first?.message ?? ""}.`,
      );
    };
  };
}
