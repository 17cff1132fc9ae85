/** The OpenAPI document, from the schemas that validate. */
import { z } from 'zod';
import { statusOf, type ProblemCode } from './problems.ts';
import type { Route } from './route.ts';
import { problem } from './schemas.ts';
import { cookieName } from './session-cookie.ts';

type Json = Record<string, unknown>;

const NOT_MODIFIED: Json = {
  description: 'The caller has it already: `If-None-Match` names its ETag.',
  headers: { ETag: { schema: { type: 'string' } } },
};

const VERSION = '1.0.0';

/** Whatever is asked for, these may be answered. */
const ANY: readonly ProblemCode[] = ['RATE_LIMITED', 'DATABASE_UNAVAILABLE'];

export function openApiDocument(routes: readonly Route[]): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  schemaOf(problem, 'output', components);
  for (const one of routes) {
    if (one.hidden === true) continue;
    (paths[one.path] ??= {})[one.method.toLowerCase()] = operationOf(one, components);
  }
  const sorted = Object.keys(components).sort();
  return {
    openapi: '3.1.0',
    info: {
      title: 'Elocute',
      version: VERSION,
      summary: 'Scores of spoken English.',
      description:
        'Errors are RFC 9457 problems with a stable `code`. What belongs to somebody else is answered 404. See docs/http-api.md.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { secureCookie: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(sorted.map((name) => [name, components[name]])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        secureCookie: {
          ...{ type: 'apiKey', in: 'cookie', name: cookieName('https://') },
          description:
            'Of browsers that signed in at `/sign-in`, where the server is reached by https.',
        },
        cookie: {
          ...{ type: 'apiKey', in: 'cookie', name: cookieName('http://') },
          description: 'The same on http, as on a developer’s machine.',
        },
      },
    },
  };
}

function operationOf(one: Route, components: Json): Json {
  const parameters = [
    ...parametersOf('path', one.params, components),
    ...parametersOf('query', one.query, components),
  ];
  return {
    operationId: one.operationId,
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    tags: [one.tag],
    ...(one.access === 'public' ? { security: [] } : { 'x-roles': one.access }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(one.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(one.body, 'input', components) } },
          },
        }),
    responses: {
      ...answersOf(one, components),
      ...(one.cached === true ? { 304: NOT_MODIFIED } : {}),
      ...problemsOf(one),
    },
  };
}

function answersOf(one: Route, components: Json): Json {
  return Object.fromEntries(
    Object.entries(one.answers).map(([status, answer]) => {
      const { description, schema, contentType = 'application/json' } = answer;
      const content =
        schema === undefined
          ? {}
          : { content: { [contentType]: { schema: schemaOf(schema, 'output', components) } } };
      const headers =
        one.cached === true && status === '200'
          ? { headers: { ETag: { schema: { type: 'string' } } } }
          : {};
      return [status, { description, ...headers, ...content }];
    }),
  );
}

/** One answer for each status, which names its codes. */
function problemsOf(one: Route): Json {
  const codes: ProblemCode[] = [...(one.problems ?? [])];
  if (one.params ?? one.query ?? one.body) codes.push('REQUEST_INVALID');
  if (one.access !== 'public') codes.push('UNAUTHENTICATED', 'KEYS_UNAVAILABLE');
  if (one.access !== 'public' && one.access.length < 3) codes.push('FORBIDDEN');
  if (one.method !== 'GET') codes.push('ORIGIN_REFUSED', 'BODY_TOO_LARGE', 'CONTENT_TYPE_UNKNOWN');
  if (one.unlimited !== true) codes.push(...ANY);
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const status = statusOf(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      String(status),
      {
        description: some.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  );
}

function parametersOf(
  where: 'path' | 'query',
  schema: z.ZodType | undefined,
  components: Json,
): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...shape }]: [string, Json]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: shape,
  }));
}

/** Named shapes go to the components, and are pointed at. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $defs = {}, ...shape } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override({ jsonSchema }) {
      // Unreadable, and `format` says the same.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  }) as Json & { $defs?: Json };
  for (const [name, one] of Object.entries($defs)) {
    components[name] = pointed(one);
  }
  delete shape['$schema'];
  return pointed(shape) as Json;
}

function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === '$ref' && typeof one === 'string'
        ? one.replace('#/$defs/', '#/components/schemas/')
        : pointed(one),
    ]),
  );
}
