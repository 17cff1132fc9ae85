import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runningProcesses } from '../support/processes.ts';
import { ROOT, runCommand, type Finished } from '../support/run-command.ts';

interface DemoLine {
  key: string;
  sentence: string;
  status: string;
  overall: number;
  accuracy: number;
  fluency: number;
  prosody: number;
  pitchSimilarity: number | null;
  rhythmSimilarity: number | null;
  speedRatio: number | null;
  pauseSimilarity: number | null;
  mispronouncedWords: string[];
  mispronouncedRatio: number;
  feedback: string;
  workflowId: string;
  expertTotal: number;
}

describe('npm run demo', function () {
  this.timeout(300_000);
  let foldersBefore: string[];
  let processesBefore: ReturnType<typeof runningProcesses>;
  let finished: Finished;
  let lines: DemoLine[];
  before(async () => {
    foldersBefore = demoFolders();
    // Not earlier: servers that other tests share may have started since this file was read.
    processesBefore = runningProcesses();
    finished = await runCommand('npm', ['run', '-s', 'demo', '--', '--json']);
    lines = finished.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as DemoLine);
  });

  it('ends by itself with one JSON object per scoring, everything else on standard error', () => {
    assert.equal(finished.code, 0, finished.stderr);
    assert.ok(lines.length >= 12);
    assert.equal(new Set(lines.map(({ workflowId }) => workflowId)).size, lines.length);
    assert.match(
      finished.stderr,
      /http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/score-/,
    );
  });

  it('ends with a report that can be opened', () => {
    // The last thing that is read, and a terminal makes a link of it.
    const last = finished.stderr.trimEnd().split('\n').at(-1) ?? '';
    assert.equal(last, pathToFileURL(join(ROOT, 'demo-report.html')).href);
    const page = readFileSync(fileURLToPath(last), 'utf8');
    const [, heading = ''] = /<h1[^>]*>([^<]*)</.exec(page) ?? [];
    assert.ok(
      lines.some(({ sentence }) => heading.includes(sentence.replaceAll("'", '&#39;'))),
      heading,
    );
    // Both recordings are in it: a WAV file begins with RIFF.
    assert.equal(page.match(/:"UklGR/g)?.length, 2);
  });

  it('scores recordings of very different quality, in range', () => {
    const totals = lines.map(({ expertTotal }) => expertTotal);
    assert.ok(Math.max(...totals) - Math.min(...totals) >= 8);
    for (const line of lines) {
      assert.equal(line.status, 'completed');
      for (const name of ['overall', 'accuracy', 'fluency', 'prosody'] as const) {
        assert.ok(line[name] >= 0 && line[name] <= 100, `${name} of ${line.key}`);
      }
      for (const name of ['pitchSimilarity', 'rhythmSimilarity', 'pauseSimilarity'] as const) {
        const value = line[name];
        assert.ok(value === null || (value >= 0 && value <= 1), `${name} of ${line.key}`);
      }
      assert.ok(line.speedRatio === null || line.speedRatio > 0);
      assert.ok(line.mispronouncedRatio >= 0 && line.mispronouncedRatio <= 1);
      assert.ok(Array.isArray(line.mispronouncedWords));
      assert.ok(line.feedback.length > 20);
      assert.ok(line.sentence.length > 5);
    }
  });

  it('ranks the learners much as the experts do', () => {
    const r = correlation(
      lines.map(({ overall }) => overall),
      lines.map(({ expertTotal }) => expertTotal),
    );
    assert.ok(r > 0.7, `r = ${r}`);
  });

  it('leaves no process and no folder behind', () => {
    assert.deepEqual(demoFolders(), foldersBefore);
    const left = runningProcesses().filter(
      ({ pid }) => !processesBefore.some((p) => p.pid === pid),
    );
    assert.deepEqual(
      left.filter(({ command }) =>
        /temporal server|postgres|elocute|dist\/(worker|starter)\.js/.test(command),
      ),
      [],
    );
  });
});

function demoFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('elocute-demo-'));
}

function correlation(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) => x.reduce((total, _, i) => total + f(i), 0);
  const dx = (i: number) => (x[i] ?? 0) - mx;
  const dy = (i: number) => (y[i] ?? 0) - my;
  return sum((i) => dx(i) * dy(i)) / Math.sqrt(sum((i) => dx(i) ** 2) * sum((i) => dy(i) ** 2));
}
