import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertRules, dashboardPanels } from '../support/infra-files.ts';
import { ROOT } from '../support/run-command.ts';

describe('the alerts', () => {
  const document = readFileSync(join(ROOT, 'docs', 'observe.md'), 'utf8');
  const rules = alertRules();

  it('each have a chapter of docs/observe.md that says what to do, and the other way round', () => {
    const [, chapters = ''] = document.split('\n## Alerts, and what to do\n');
    const headings = [...chapters.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);
    assert.deepEqual(headings.sort(), rules.map(({ name }) => name).sort());
    for (const { name, runbook } of rules) {
      assert.equal(runbook, `docs/observe.md#${name.toLowerCase()}`);
    }
  });

  it('each have their cause in alerts.test.yml', () => {
    const tests = readFileSync(join(ROOT, 'infra', 'prometheus', 'alerts.test.yml'), 'utf8');
    for (const { name } of rules) {
      assert.ok(tests.includes(`alertname="${name}"`), `${name} is never seen to fire`);
      assert.ok(tests.includes(`alertname: ${name} `), `${name} is never seen to stay quiet`);
    }
  });

  it('and the panels read every question whole: brackets are closed', () => {
    const all = [
      ...rules.map(({ expression }) => expression),
      ...dashboardPanels().flatMap(({ expressions }) => expressions),
    ];
    for (const expression of all) {
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
