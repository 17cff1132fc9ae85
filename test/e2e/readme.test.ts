import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../src/local/process-identity.ts';
import type { RecordedProcess } from '../../src/local/process-record.ts';
import { lessonPair } from '../support/recordings.ts';
import { elocute, ROOT, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Every command of the README, from its shell blocks and from its text. */
const commands = [
  ...[...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n')),
  ...[...readme.matchAll(/`([^`\n]*(?:npx elocute|npm run|node )[^`\n]*)`/g)].map(
    ([, c = '']) => c,
  ),
]
  .flatMap((line) => line.replace(/\s#.*$/, '').split('&&'))
  .map((command) => command.trim())
  .filter((command) => command !== '');

/** Where each is run for real. A command that is new in the README needs a test, and a line here. */
const RUN_IN: Record<string, RegExp> = {
  '.ci/run': /^npm (ci|test)$/,
  'test/e2e/demo.test.ts': /^npm run (-s )?demo( -- --json)?$/,
  'test/e2e/readme.test.ts': /^npm run demo -- --keep$|^npx elocute score /,
  // `up` starts the two mains, as files of dist/.
  'test/e2e/commands.test.ts':
    /^npx elocute (up|upload .*|status .*|doctor)$|^node (--env-file=\S+ )?dist\/(worker|starter)\.js$/,
  'test/e2e/web.test.ts': /^node dist\/web\.js$/,
  'test/integration/standard-checks.test.ts': /^npx elocute standards$/,
  'test/e2e/report.test.ts': /^npx elocute report /,
  'test/e2e/dead-letters.test.ts': /^npx elocute dlq list$/,
  'test/e2e/reconcile-command.test.ts': /^npx elocute reconcile /,
  'test/e2e/django.test.ts': /^npx elocute (env|up --app-migrate "python manage.py migrate")$/,
  'test/e2e/command-failures.test.ts': /^(DATABASE_URL=… )?npx elocute migrate$/,
  // Takes those of the practice page, through the same function.
  'test/e2e/practice.test.ts': /^npm run pictures$/,
  // Measured by its own test through the same functions.
  'test/integration/pitch-against-praat.test.ts': /^npm run -s bench:pitch /,
};

describe('the README', function () {
  this.timeout(180_000);
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
  });

  it('shows no command that no test runs', () => {
    assert.ok(commands.length >= 12, commands.join('\n'));
    const patterns = Object.values(RUN_IN);
    const unknown = commands.filter((command) => !patterns.some((one) => one.test(command)));
    assert.deepEqual(unknown, []);
    for (const file of Object.keys(RUN_IN)) assert.ok(existsSync(join(ROOT, file)), file);
    for (const command of commands) {
      const script = /^npm run (?:-s )?(\S+)/.exec(command)?.[1];
      assert.ok(script === undefined || script in scripts, command);
    }
  });

  it('shows no option that the command does not know', async () => {
    const wanted = commands.flatMap((command) => {
      const name = /(?:npx elocute |npm run (?:-s )?(?=demo))(\S+)/.exec(command)?.[1];
      const options = command.replace(/"[^"]*"/g, '').match(/(?<= )--\w[\w-]*/g) ?? [];
      return name === undefined ? [] : [{ name, options }];
    });
    const names = [...new Set(wanted.map(({ name }) => name))];
    const help = new Map<string, string>();
    for (const name of names) {
      const { code, stdout } = await elocute([name, '--help']);
      assert.equal(code, 0, name);
      help.set(name, stdout);
    }
    for (const { name, options } of wanted) {
      for (const option of options)
        assert.ok(help.get(name)?.includes(option), `${name} ${option}`);
    }
  });

  it('tells how to score without a server, as text for people', async () => {
    const { learner, standard, sentence } = lessonPair(16);
    const args = ['score', learner, '--standard', standard, '--sentence', sentence];
    const { code, stdout, stderr } = await elocute(args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^overall +\d+/m);
  });

  it('tells how to keep the demo up; Ctrl-C ends it with 130 and leaves no process', async () => {
    const data = temporaryFolder('kept');
    const child = spawn(process.execPath, ['bin/elocute.js', 'demo', '--keep', '--data', data], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Of a given address the demo must take no notice.
      env: { ...process.env, DATABASE_URL: 'postgresql://x:y@127.0.0.1:1/nowhere' },
    });
    let output = '';
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Staying up')) resolve();
      });
      void ended.then((code) => reject(new Error(`ended with ${code ?? '?'}: ${output}`)));
    });
    assert.match(output, /Ignored by the demo: .*DATABASE_URL/);
    const file = join(data, 'processes.json');
    const started = JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess[];
    // Temporal, PostgreSQL, worker, starter and web.
    assert.equal(started.filter(isRunning).length, 5);
    child.kill('SIGINT');
    assert.equal(await ended, 130, output);
    assert.deepEqual(started.filter(isRunning), []);
    assert.ok(!existsSync(file));
  });
});
