/** Holds answers against the OpenAPI document: whatever a test is answered must be described. */
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../src/web/openapi.ts';
import { apiRoutes } from '../../src/web/routes/index.ts';

interface Described {
  responses: Record<string, { content?: Record<string, unknown> }>;
}

const document = openApiDocument(apiRoutes);
const paths = document['paths'] as Record<string, Record<string, Described>>;
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'openapi');
const compiled = new Map<string, ValidateFunction>();

export interface GivenAnswer {
  method: string;
  /** With what was asked for. */
  path: string;
  status: number;
  contentType: string | null;
  body: unknown;
}

export function assertDescribed({ method, path, status, contentType, body }: GivenAnswer): void {
  const [pathname = ''] = path.split('?');
  const template = Object.keys(paths).find((one) => patternOf(one).test(pathname));
  const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
  // An address or method that there is not.
  if (template === undefined || operation === undefined) return;
  const what = `${method} ${template} ${status}`;
  const answer = operation.responses[String(status)];
  assert.ok(answer, `${what} is not described`);
  const type = contentType?.split(';')[0] ?? '';
  if (answer.content === undefined) {
    assert.equal(contentType, null, `${what} has no body in the document`);
    return;
  }
  assert.ok(type in answer.content, `${what} answers ${type}, which is not described`);
  if (!type.includes('json')) return;
  const validate = validatorOf(template, method.toLowerCase(), String(status), type);
  const problems = validate(body) ? '' : ajv.errorsText(validate.errors);
  assert.equal(problems, '', `${what}: ${JSON.stringify(body).slice(0, 500)}`);
}

function validatorOf(template: string, method: string, status: string, type: string) {
  const parts = ['paths', template, method, 'responses', status, 'content', type, 'schema'];
  const pointer = parts.map((one) => one.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const known = compiled.get(pointer);
  if (known !== undefined) return known;
  const validate = ajv.compile({ $ref: `openapi#/${encodeURI(pointer)}` });
  compiled.set(pointer, validate);
  return validate;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
