/** The dashboard and the alert rules, as far as tests read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-command.ts';

export interface AlertRule {
  name: string;
  expression: string;
  runbook: string;
}

/** Each rule's expression stands on one line, which saves a YAML parser. */
export function alertRules(): AlertRule[] {
  const text = readFileSync(join(ROOT, 'infra', 'prometheus', 'alerts.yml'), 'utf8');
  return text
    .split(/^ +- alert: /m)
    .slice(1)
    .map((rule) => ({
      name: rule.split('\n')[0] ?? '',
      expression: fieldOf(rule, 'expr'),
      runbook: fieldOf(rule, 'runbook'),
    }));
}

export interface Panel {
  title: string;
  expressions: string[];
}

export function dashboardPanels(): Panel[] {
  const text = readFileSync(join(ROOT, 'infra', 'grafana', 'elocute.json'), 'utf8');
  const { panels } = JSON.parse(text) as {
    panels: { title: string; type: string; targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, type, targets = [] }) =>
    type === 'row' ? [] : [{ title, expressions: targets.map(({ expr }) => expr) }],
  );
}

function fieldOf(rule: string, field: string): string {
  return new RegExp(`^ +${field}: (.+)$`, 'm').exec(rule)?.[1] ?? '';
}
