/**
 * Writes what is derived from code: .env.example, the README's configuration table, the failure table
 * of docs/failures.md, the metrics of docs/observe.md, the measured table of docs/attempts.md, and
 * docs/openapi.json. With --check it changes nothing and fails where a file is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { variables } from '../src/config.ts';
import { failures } from '../src/failures.ts';
import { allMetrics } from '../src/observe/metrics.ts';
import { openApiDocument } from '../src/web/openapi.ts';
import { problemKinds } from '../src/web/problems.ts';
import { apiRoutes } from '../src/web/routes/index.ts';

const ROOT = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const outdated: string[] = [];

await put('.env.example', environmentExample());
await put('README.md', between('README.md', 'configuration', configurationTable()));
await put('docs/failures.md', failureDocument());
await put('docs/observe.md', between('docs/observe.md', 'metrics', metricsTable()));
await put('docs/http-api.md', between('docs/http-api.md', 'problems', problemsTable()));
await put('docs/openapi.json', JSON.stringify(openApiDocument(apiRoutes)));
await put('docs/attempts.md', between('docs/attempts.md', 'attempts', attemptTable()));

if (outdated.length > 0) {
  process.stderr.write(`Out of date: ${outdated.join(', ')}. Run: npm run docs\n`);
  process.exitCode = 1;
}

async function put(name: string, content: string): Promise<void> {
  const file = fileURLToPath(new URL(name, ROOT));
  const parser = name.endsWith('.md') ? 'markdown' : name.endsWith('.json') ? 'json' : undefined;
  const formatted =
    parser === undefined
      ? content
      : await format(content, { ...(await resolveConfig(file)), parser });
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {
    // A missing file is out of date like any other.
  }
  if (present === formatted) return;
  if (check) outdated.push(name);
  else writeFileSync(file, formatted);
}

function between(name: string, marker: string, content: string): string {
  const text = readFileSync(new URL(name, ROOT), 'utf8');
  const begin = `<!-- ${marker}: generated -->`;
  const end = `<!-- ${marker}: end -->`;
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${name} lacks ${begin}`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}

function environmentExample(): string {
  const lines = Object.entries(variables).flatMap(([name, { description, example, fallback }]) => [
    `# ${description}`,
    fallback === undefined ? `# ${name}=${example}` : `# ${name}=${fallback}`,
    '',
  ]);
  return [
    '# Every variable that Elocute reads. Lines show the default, or an example. Nothing loads this file',
    '# by itself: copy it to .env, take out the # where you set something, and name it to node:',
    '#   node --env-file=.env dist/worker.js',
    '#   node --env-file=.env bin/elocute.js doctor',
    '',
    ...lines,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function configurationTable(): string {
  const rows = Object.entries(variables).map(([name, { description, example, fallback }]) => {
    const shown = fallback === undefined ? `– (such as \`${example}\`)` : code(fallback);
    return `| \`${name}\` | ${shown} | ${description} |`;
  });
  return ['| variable | default | what it is |', '|---|---|---|', ...rows].join('\n');
}

function code(text: string): string {
  return text === '' ? '(empty)' : `\`${text}\``;
}

function failureDocument(): string {
  const rows = Object.entries(failures).map(
    ([name, { retryable, replayable, operator, learner }]) =>
      `| \`${name}\` | ${retryable ? 'yes' : 'no'} | ${replayable ? 'yes' : 'no'} | ${operator} | ${learner} |`,
  );
  return [
    '# Failures',
    '',
    'Generated from `src/failures.ts` by `npm run docs`. *Retried*: Temporal tries again by itself.',
    '*Replay*: once the cause is mended, running the scoring again can succeed.',
    '`UPLOAD_GONE` and `UPLOAD_REPLACED` fail nothing: such an upload ends as superseded (see',
    '[reliability.md](reliability.md)).',
    '',
    '| code | retried | replay | what to do | what the learner reads |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function metricsTable(): string {
  const rows = allMetrics().map(([name, { of, type, help, labels }]) => {
    const shown = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${of} | ${type} | ${shown} | ${help} |`;
  });
  return ['| metric | of | type | labels | what it is |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

interface AttemptResult {
  conditions: {
    condition: string;
    recordings: number;
    refused: number;
    kinds: Record<string, number>;
    evidence: { name: string; areaUnderCurve: number } | null;
  }[];
  machine: string;
  date: string;
  versions: { formula: string };
}

function attemptTable(): string {
  const file = new URL('bench/results/attempt-kinds.json', ROOT);
  const { conditions, machine, date, versions } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as AttemptResult;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rows = conditions.map(({ condition, recordings, refused, kinds, evidence }) => {
    const shares = Object.entries(kinds).map(([kind, share]) => `${kind} ${percent(share)}`);
    const area = evidence === null ? '–' : `${evidence.name} ${evidence.areaUnderCurve.toFixed(3)}`;
    return `| ${condition} | ${recordings} | ${percent(refused)} | ${area} | ${shares.join(', ')} |`;
  });
  const measured = `Measured ${date.slice(0, 10)} on ${machine}, formula ${versions.formula}.`;
  return [
    '| condition | n | refused | AUC | kinds |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    measured,
  ].join('\n');
}

function problemsTable(): string {
  const rows = Object.entries(problemKinds).map(
    ([code, { status, title, advice }]) => `| \`${code}\` | ${status} | ${title} | ${advice} |`,
  );
  return ['| code | status | what | what to do |', '|---|---|---|---|', ...rows].join('\n');
}
