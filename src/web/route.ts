/** A route as data: what validates it, what describes it, and what it does. */
import type { z } from 'zod';
import type { Log } from '../log.ts';
import type { EventStreams } from './event-streams.ts';
import type { LessonCatalogue } from './lesson-catalogue.ts';
import type { Principal, Role } from './principal.ts';
import type { ProblemCode } from './problems.ts';
import type { WebDependencies } from './web-ports.ts';

/** What handlers share within one process. */
export interface WebState {
  catalogue: LessonCatalogue;
  streams: EventStreams;
  /** Aborts when the process is told to stop. */
  stopping: AbortSignal;
  log: Log;
}

export interface Call<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Null on public routes where nobody is signed in. */
  principal: Principal | null;
  deps: WebDependencies;
  state: WebState;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a string as it is. */
  body?: unknown;
  /** Server-sent events instead of a body, until it ends. */
  stream?: AsyncIterable<string>;
}

export interface RouteAnswer {
  description: string;
  /** Absent: no body. */
  schema?: z.ZodType;
  /** Default: application/json. */
  contentType?: string;
}

export interface RouteSpec<P, Q, B> {
  method: 'GET' | 'POST' | 'PATCH' | 'OPTIONS';
  /** `/api/v1/scorings/{id}`. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  tag: string;
  /** Who may call it at all. */
  access: 'public' | readonly Role[];
  /** Public, and another for whoever is signed in. */
  knowsCaller?: true;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  answers: Record<number, RouteAnswer>;
  /** Beside those that any route may answer with. */
  problems?: readonly ProblemCode[];
  /** Carries an ETag, and answers 304. */
  cached?: true;
  /** Not in the OpenAPI document. */
  hidden?: true;
  /** Reads the body of an HTML form too. */
  form?: true;
  /** Not counted by the rate limit: asked every few seconds by machines. */
  unlimited?: true;
  handle(call: Call<P, Q, B>): Promise<Reply>;
}

export type Route = RouteSpec<unknown, unknown, unknown>;

/** Types the handler by its schemas; all routes look alike from outside. */
export function route<P, Q, B>(spec: RouteSpec<P, Q, B>): Route {
  return spec;
}

/** The caller of a route that is not public. */
export function signedIn({ principal }: { principal: Principal | null }): Principal {
  if (principal === null) throw new Error('the route is public');
  return principal;
}
