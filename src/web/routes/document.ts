/** The OpenAPI document, as it is committed. */
import { openApiDocument } from '../openapi.ts';
import { route, type Route } from '../route.ts';

export function documentRoutes(described: readonly Route[]): Route[] {
  const text = JSON.stringify(openApiDocument(described));
  return [
    route({
      method: 'GET',
      path: '/api/v1/openapi.json',
      operationId: 'getDocument',
      summary: 'This document',
      tag: 'service',
      access: 'public',
      answers: { 200: { description: 'OpenAPI 3.1' } },
      cached: true,
      hidden: true,
      handle: () =>
        Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: text,
        }),
    }),
  ];
}
