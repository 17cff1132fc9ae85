import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../src/web/openapi.ts';
import { apiRoutes, routes } from '../../src/web/routes/index.ts';

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
  security?: unknown[];
}

const document = openApiDocument(apiRoutes);
const operations = Object.values(document['paths'] as Record<string, Record<string, Operation>>)
  .map((methods) => Object.values(methods))
  .flat();

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(document['openapi'], '3.1.0');
  });

  it('describes every route below /api and /…z, each under a name of its own', () => {
    const names = operations.map(({ operationId }) => operationId);
    const described = routes.filter(({ hidden }) => hidden !== true);
    assert.deepEqual(names.toSorted(), described.map(({ operationId }) => operationId).toSorted());
    assert.equal(new Set(names).size, names.length);
    const hidden = routes.filter((one) => one.hidden === true && one.path.startsWith('/api/'));
    assert.deepEqual(
      hidden.map(({ path }) => path),
      ['/api/v1/openapi.json', '/api/*'],
    );
  });

  it('says of every route that is not public that a token is needed', () => {
    for (const { operationId, responses, security } of operations) {
      assert.equal('401' in responses, security === undefined, operationId);
    }
  });

  it('points at nothing that is not there', () => {
    const text = JSON.stringify(document);
    const { schemas } = document['components'] as { schemas: Record<string, unknown> };
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      assert.ok(name in schemas, name);
    }
    assert.ok(!text.includes('$defs'));
  });

  it('is committed as it is served', () => {
    const committed = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(committed), JSON.parse(JSON.stringify(document)));
  });
});
