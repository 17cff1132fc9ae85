import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allMetrics } from '../../src/observe/metrics.ts';
import { alertRules, dashboardPanels } from '../support/infra-files.ts';
import { promqlMatchers } from '../support/promql-names.ts';
import { ROOT } from '../support/run-command.ts';

describe('the alerts', () => {
  const document = readFileSync(join(ROOT, 'docs', 'observe.md'), 'utf8');
  const rules = alertRules();
  const everyExpression = [
    ...rules.map(({ expression }) => expression),
    ...dashboardPanels().flatMap(({ expressions }) => expressions),
  ];

  it('each have a chapter of docs/observe.md that says what to do, and the other way round', () => {
    const [, chapters = ''] = document.split('\n## Alerts, and what to do\n');
    const headings = [...chapters.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);
    assert.deepEqual(headings.sort(), rules.map(({ name }) => name).sort());
    for (const { name, runbook } of rules) {
      assert.equal(runbook, `docs/observe.md#${name.toLowerCase()}`);
    }
  });

  it('send to lines of the log that are really written', () => {
    const sources = ['poll-uploads.ts', 'handle-event.ts'].map((name) =>
      readFileSync(join(ROOT, 'src', 'uploads', name), 'utf8'),
    );
    const [, chapter = ''] = /### ElocuteUploadsWait\n([^]*?)\n###/.exec(document) ?? [];
    const quoted = [...chapter.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line);
    const names = new Set<string>(allMetrics().map(([name]) => name));
    const lines = quoted.filter((text) => !names.has(text));
    assert.ok(lines.length > 0);
    for (const line of lines) assert.ok(sources.join('').includes(`'${line}`), line);
  });

  it('each have their cause in alerts.test.yml', () => {
    const tests = readFileSync(join(ROOT, 'infra', 'prometheus', 'alerts.test.yml'), 'utf8');
    for (const { name } of rules) {
      assert.ok(tests.includes(`alertname="${name}"`), `${name} is never seen to fire`);
      assert.ok(tests.includes(`alertname: ${name} `), `${name} is never seen to stay quiet`);
    }
  });

  it('and the panels ask our metrics for labels that they have, and values that these can have', () => {
    const known = new Map(allMetrics().map(([name, metric]) => [name as string, metric]));
    const complaintsOf = (expression: string) =>
      promqlMatchers(expression).flatMap(({ metric: name, label, operator, value }) => {
        const metric = known.get(name.replace(/_(bucket|count|sum)$/, ''));
        if (metric === undefined) return name.startsWith('elocute_') ? [`no ${name}`] : [];
        if (label !== 'le' && !metric.labels.includes(label)) return [`${name} has no ${label}`];
        const values = (metric.known ?? []).flatMap((labels) => labels[label] ?? []);
        const fits = (one: string) =>
          operator.endsWith('~') ? new RegExp(`^(${value})$`).test(one) : one === value;
        if (label === 'le' || values.length === 0 || values.some(fits)) return [];
        return [`${name} is never ${label} ${operator} "${value}"`];
      });
    for (const expression of everyExpression) assert.deepEqual(complaintsOf(expression), []);
    // It sees what it is there for.
    assert.deepEqual(
      [
        'sum(rate(elocute_speech_calls_total{outcome="SPEECH_QUOTTA"}[10m]))',
        'elocute_speech_calls_total{code="SPEECH_QUOTA"}',
        'elocute_scoring_failures_total{code!~"AUDIOO_.*"}',
        'elocute_queue_messages{state="waiting"}',
      ].map(complaintsOf),
      [
        ['elocute_speech_calls_total is never outcome = "SPEECH_QUOTTA"'],
        ['elocute_speech_calls_total has no code'],
        ['elocute_scoring_failures_total is never code !~ "AUDIOO_.*"'],
        [],
      ],
    );
  });

  it('and the panels read every question whole: brackets are closed', () => {
    for (const expression of everyExpression) {
      for (const [open, close] of [
        ['(', ')'],
        ['{', '}'],
        ['[', ']'],
      ] as const) {
        const count = (bracket: string) => expression.split(bracket).length;
        assert.equal(count(open), count(close), expression);
      }
    }
  });
});
