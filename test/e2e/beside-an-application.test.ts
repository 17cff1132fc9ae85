import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeStackFile } from '../../src/local/stack-file.ts';
import { elocute, ROOT, runCommand } from '../support/run-command.ts';
import { temporaryFolder } from '../support/services.ts';

describe('beside an application', function () {
  this.timeout(120_000);
  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
  });

  it('env gives a shell every value as it is, whatever characters it has', async () => {
    const data = temporaryFolder('env');
    const value = `it's "$HOME" \`id\` \\ & a\nline`;
    writeStackFile(data, { environment: { LESSON_QUERY: value, S3_ENDPOINT: 'x' }, uiUrl: null });
    const script = `eval "$('${process.execPath}' bin/elocute.js env --data '${data}')"
      printf %s "$LESSON_QUERY|$S3_ENDPOINT"`;
    const shell = await runCommand('sh', ['-c', script], { cwd: ROOT });
    assert.equal(shell.stdout, `${value}|x`);
    const json = await elocute(['env', '--data', data, '--json']);
    assert.deepEqual(JSON.parse(json.stdout), { LESSON_QUERY: value, S3_ENDPOINT: 'x' });
  });

  it('env says what to start where no stack runs', async () => {
    const { code, stdout, stderr } = await elocute(['env', '--data', temporaryFolder('none')]);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, /No stack runs in .*elocute up/);
  });

  it('up ends, and leaves nothing running, where the application’s migrations fail', async () => {
    const data = temporaryFolder('failing');
    const migrate = 'echo "no such $USER_BUCKET at $DATABASE_URL"; exit 7';
    const { code, stderr } = await elocute(['up', '--data', data, '--app-migrate', migrate], {
      environment: { USER_BUCKET: 'recordings' },
    });
    assert.equal(code, 3);
    assert.match(stderr, /^no such recordings at postgresql:/m);
    assert.match(stderr, /The application's migrations failed/);
    assert.doesNotMatch(stderr, /Starting worker/);
    for (const left of ['stack.json', 'processes.json', 'lock.json']) {
      assert.ok(!existsSync(join(data, left)), left);
    }
  });
});
