import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** Which area may import which; ARCHITECTURE.md says the same in words. */
const MAY_IMPORT: Record<string, string[]> = {
  scoring: [],
  audio: [],
  acoustics: [],
  contract: ['failures'],
  failures: [],
  batches: ['contract (types)', 'failures (types)'],
  config: [],
  log: [],
  'main-process': [],
  activities: ['contract', 'failures', 'scoring', 'batches', 'uploads'],
  workflows: ['contract', 'failures', 'scoring', 'batches', 'activities (types)'],
  uploads: ['contract', 'log'],
  operate: ['contract (types)', 'failures'],
  report: ['contract (types)', 'failures', 'scoring'],
  observe: ['contract (types)', 'failures', 'activities (types)', 'uploads (types)'],
  adapters: [
    'contract',
    'failures',
    'batches',
    'config (types)',
    'activities (types)',
    'uploads (types)',
    'operate (types)',
    'observe',
    'report (types)',
    'scoring',
    'audio',
    'acoustics',
    'web (types)',
  ],
  worker: ['activities', 'adapters', 'config', 'contract', 'log', 'main-process', 'observe'],
  starter: ['adapters', 'uploads', 'config', 'log', 'main-process', 'observe'],
  web: [
    'audio',
    'batches',
    'contract',
    'failures',
    'log (types)',
    'operate',
    'report',
    'scoring (types)',
    'uploads',
  ],
  'web.ts': ['adapters', 'config', 'log', 'main-process', 'web'],
  local: ['adapters', 'audio', 'config (types)', 'contract', 'scoring'],
  commands: [
    'activities',
    'adapters',
    'batches',
    'config',
    'contract',
    'failures',
    'local',
    'operate',
    'report',
    'scoring',
    'uploads',
    'web',
  ],
  cli: ['commands'],
  'bundle-workflows': ['adapters'],
};

/**
 * One vendor, one adapter: whoever else imports it breaks the border. The local stack's servers speak
 * the vendors' protocols too, and six commands, all listed, use the S3 and Temporal clients.
 */
const VENDORS: Record<string, RegExp> = {
  'essentia.js': /^adapters\/essentia/,
  soundswallower: /^adapters\/soundswallower/,
  '@google-cloud/speech': /^(adapters\/google-speech|local\/speech)/,
  jose: /^adapters\/json-web-tokens/,
  fastify: /^web\/(server|cross-origin)/,
  '@fastify/rate-limit': /^web\/server/,
  pg: /^(adapters|local)\/postgres/,
  'node-pg-migrate': /^adapters\/migrations/,
  '@aws-sdk/client-sqs': /^(adapters\/sqs|local\/sqs)/,
  '@aws-sdk/client-s3':
    /^(adapters\/(s3|s3-batches|s3-listing|s3-older-versions|s3-presigned|web-dependencies|migrated-secrets)|commands\/(put-recording|seed-lessons|doctor-production))\.ts/,
  '@aws-sdk/s3-request-presigner': /^adapters\/s3/,
  '@temporalio/client':
    /^(adapters\/(temporal(-[a-z-]+)?|web-batches|web-reviews|tracing)|local\/temporal-server|commands\/(command-environment|status|watch-scoring))\.ts/,
  mediabunny: /^adapters\/media-packets/,
  'mpg123-decoder': /^adapters\/decode-mp3/,
  'opus-decoder': /^adapters\/decode-opus/,
  '@wasm-audio-decoders/flac': /^adapters\/decode-flac/,
  '@wasm-audio-decoders/ogg-vorbis': /^adapters\/decode-vorbis/,
  piscina: /^local\/speech-server/,
  fauxqs: /^local\/sqs/,
  'prom-client': /^adapters\/prometheus/,
  '@opentelemetry/api': /^adapters\/tracing/,
  '@opentelemetry/context-async-hooks': /^adapters\/tracing/,
  '@opentelemetry/exporter-trace-otlp-http': /^adapters\/tracing/,
  '@opentelemetry/resources': /^adapters\/tracing/,
  '@opentelemetry/sdk-trace-base': /^adapters\/tracing/,
  '@temporalio/interceptors-opentelemetry': /^adapters\/tracing/,
  'wavesurfer.js': /^report\/browser\//,
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (specifier !== undefined && ts.isStringLiteral(specifier)) {
      const typeOnly =
        (ts.isImportDeclaration(node) &&
          node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
        (ts.isExportDeclaration(node) && node.isTypeOnly);
      found.push({ from: relative(SOURCE, file), to: specifier.text, typeOnly });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function areaOf(path: string): string {
  // A main beside the area of its name.
  if (path === 'web.ts') return path;
  const [first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

const imports = filesBelow(SOURCE).flatMap(importsOf);

describe('the architecture', () => {
  it('lets every area import only what ARCHITECTURE.md allows', () => {
    const breaches = imports.flatMap(({ from, to, typeOnly }) => {
      if (!to.startsWith('.')) return [];
      const target = areaOf(relative(SOURCE, resolve(SOURCE, dirname(from), to)));
      const area = areaOf(from);
      if (target === area || target === '..') return [];
      const allowed = MAY_IMPORT[area];
      assert.ok(allowed, `src/${from} lies in an area that has no rule; add one`);
      const ok = allowed.includes(target) || (typeOnly && allowed.includes(`${target} (types)`));
      return ok ? [] : [`${from} imports ${typeOnly ? 'types of ' : ''}${to}`];
    });
    assert.deepEqual(breaches, []);
  });

  it('keeps every vendor behind its adapter', () => {
    const breaches = imports.flatMap(({ from, to }) => {
      const home = VENDORS[to];
      return home === undefined || home.test(from) ? [] : [`${from} imports ${to}`];
    });
    assert.deepEqual(breaches, []);
  });

  it('keeps scoring, audio and acoustics pure: no node module, no package but pure ones', () => {
    const pure = new Set(['to-words/en-US']);
    const breaches = imports.flatMap(({ from, to }) =>
      /^(scoring|audio|acoustics)\//.test(from) && !to.startsWith('.') && !pure.has(to)
        ? [`${from} imports ${to}`]
        : [],
    );
    assert.deepEqual(breaches, []);
  });

  it('lets only the mains and the commands see the environment', () => {
    const readers = filesBelow(SOURCE)
      .filter((file) => readFileSync(file, 'utf8').includes('process.env'))
      .map((file) => relative(SOURCE, file))
      .filter((file) => !/^(worker|starter|web|cli)\.ts$|^commands\//.test(file));
    // The Google client reads this one from the environment itself, and has no option for it.
    assert.deepEqual(readers, ['adapters/google-speech.ts']);
  });

  it('is the one that ARCHITECTURE.md shows', () => {
    const document = readFileSync(join(SOURCE, '..', 'ARCHITECTURE.md'), 'utf8');
    for (const [area, allowed] of Object.entries(MAY_IMPORT)) {
      const row = document.split('\n').find((line) => line.startsWith(`| \`${area}\` `));
      assert.ok(row, `ARCHITECTURE.md has no row for ${area}`);
      const shown = [...row.slice(row.indexOf('|', 1)).matchAll(/`([^`]+)`/g)].map(
        ([, name]) => name,
      );
      assert.deepEqual(shown, allowed, area);
    }
  });
});
