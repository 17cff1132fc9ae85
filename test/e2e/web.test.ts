import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineEnvironment } from '../../src/commands/stack-environment.ts';
import { seedLessons } from '../../src/commands/seed-lessons.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startStack, type LocalStack } from '../../src/local/stack.ts';
import { lessonPairs } from '../support/recordings.ts';
import { elocute, ROOT, runCommand } from '../support/run-command.ts';
import { CACHE_FOLDER, temporaryFolder } from '../support/services.ts';

const pair = lessonPairs().find(({ standardKey }) =>
  standardKey.endsWith('novel/level_2/A Breath of Life/audio_line_1.wav'),
);
const document = readFileSync(join(ROOT, 'docs/http-api.md'), 'utf8');

describe('the web process of a local stack', function () {
  this.timeout(240_000);
  const data = temporaryFolder('web');
  let stack: LocalStack;

  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    stack = await startStack({
      dataDir: data,
      cacheDir: CACHE_FOLDER,
      environment: {},
      machine: machineEnvironment(process.env),
      ephemeral: true,
      report: () => undefined,
    });
    await seedLessons(stack.environment);
  });
  after(() => stack.stop());

  it('does what docs/http-api.md shows, command by command', async () => {
    const folder = temporaryFolder('http-api');
    assert.ok(pair !== undefined);
    copyFileSync(pair.learner, join(folder, 'me.wav'));
    const blocks = [...document.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
    assert.ok(blocks.length >= 8);
    const script = blocks
      .join('echo "--- next block"\n')
      .replace('http://127.0.0.1:8080', stack.webUrl)
      .replaceAll(
        /npx elocute token/g,
        `'${process.execPath}' '${join(ROOT, 'bin/elocute.js')}' token --data '${data}'`,
      );
    const ran = await runCommand('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
    assert.equal(ran.code, 0, `${ran.stdout}\n${ran.stderr}`);
    const outputs = ran.stdout.split('--- next block\n');
    assert.equal((JSON.parse(outputs[0] ?? '') as { total: number }).total > 0, true);
    assert.match(outputs[1] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/sign-in\?code=[\w.-]+\n$/);
    assert.match(ran.stdout, /event: end\nid: end-completed\n/);
    assert.match(ran.stdout, /"completed"\n\d+(\.\d+)?\n/);
    assert.match(ran.stdout, /"dryRun":true,"replays":\[\],"more":false/);
  });

  it('keeps its secret in the data folder, and gives tokens only where it is known', async () => {
    const wrong = await elocute(['token', '--role', 'root', '--user', '7', '--data', data]);
    assert.equal(wrong.code, 2);
    const elsewhere = await elocute(
      ['token', '--role', 'learner', '--user', '7', '--data', temporaryFolder('none')],
      {
        environment: { DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/x', WEB_JWT_SECRET: undefined },
      },
    );
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.stderr, /No secret to sign with/);
  });

  function startMainProcess(environment: Record<string, string>) {
    const child = spawn(process.execPath, [join(ROOT, 'dist/web.js')], {
      env: { PATH: process.env['PATH'] ?? '', ...stack.environment, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
    return { child, ended };
  }

  it('refuses to start with the secret of a local stack, or with none, outside of one', async () => {
    const port = String(await freePort());
    const open = startMainProcess({ WEB_PORT: port, WEB_HOST: '0.0.0.0' });
    const { code, stderr } = await open.ended;
    assert.equal(code, 1);
    assert.match(stderr, /WEB_JWT_SECRET is one of a local stack/);
    const none = await startMainProcess({ WEB_PORT: port, WEB_JWT_SECRET: '' }).ended;
    assert.equal(none.code, 1);
    assert.match(none.stderr, /WEB_JWT_SECRET is missing/);
  });

  it('is told to stop by SIGTERM: it takes nothing new, and ends with 0', async () => {
    const port = String(await freePort());
    const secret = randomBytes(32).toString('hex');
    const { child, ended } = startMainProcess({ WEB_PORT: port, WEB_JWT_SECRET: secret });
    await once(child, 'message');
    const origin = `http://127.0.0.1:${port}`;
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
    child.kill('SIGTERM');
    const { code } = await ended;
    assert.equal(code, 0);
    await assert.rejects(fetch(`${origin}/healthz`));
  });
});
