import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { installedNative } from '../../src/local/postgres-native.ts';
import {
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from '../../src/local/postgres-server.ts';
import { identityOf } from '../../src/local/process-identity.ts';

const OWNER = fileURLToPath(new URL('../support/killed-postgres-owner.ts', import.meta.url));

describe('the local PostgreSQL', () => {
  let folder = '';
  const servers: PostgresServer[] = [];

  beforeEach(() => {
    // 0700: as root, PostgreSQL's own user cannot pass here.
    folder = mkdtempSync(join(tmpdir(), 'elocute-postgres-'));
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(shared(), { recursive: true, force: true });
  });

  /** Where everybody can pass. */
  function shared(): string {
    return `${folder}-shared`;
  }

  async function start(options: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
    const server = await startPostgres({
      dataDir: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      ephemeral: true,
      sharedRoot: shared(),
      ...options,
    });
    servers.push(server);
    return server;
  }

  async function query(url: string, text: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
      return rows.flat();
    } finally {
      await client.end();
    }
  }

  it('keeps its data and its password over a restart, also below a closed folder', async () => {
    const first = await start();
    await query(first.url, 'create table word (text text)');
    await query(first.url, "insert into word values ('발음')");
    await first.stop();
    await first.stop();
    assert.equal(identityOf(first.pid), undefined);
    const second = await start();
    assert.equal(second.password, first.password);
    assert.deepEqual(await query(second.url, 'select text from word'), ['발음']);
    const passwordFile = join(folder, 'postgres/password');
    assert.equal(statSync(passwordFile).mode & 0o777, 0o600);
    assert.equal(readFileSync(passwordFile, 'utf8').trim(), second.password);
  });

  it('works in a folder that everybody can pass, without a copy elsewhere', async () => {
    mkdirSync(shared(), { mode: 0o755 });
    const server = await start({ dataDir: join(shared(), 'open') });
    const [directory] = await query(server.url, 'show data_directory');
    assert.equal(directory, join(shared(), 'open/cluster'));
    assert.equal(statSync(join(shared(), 'open/cluster')).mode & 0o077, 0);
  });

  it('listens on loopback only, asks for the password and has no socket file', async () => {
    const server = await start();
    assert.deepEqual(await query(server.url, 'show listen_addresses'), ['127.0.0.1']);
    assert.deepEqual(await query(server.url, 'show unix_socket_directories'), ['']);
    const wrong = server.url.replace(server.password, 'guess');
    await assert.rejects(query(wrong, 'select 1'), { code: '28P01' });
    const methods = await query(server.url, 'select distinct auth_method from pg_hba_file_rules');
    assert.deepEqual(methods, ['scram-sha-256']);
  });

  it('syncs to disk unless it is meant to be thrown away', async () => {
    const lasting = await start({ ephemeral: false });
    assert.deepEqual(await query(lasting.url, 'show fsync'), ['on']);
    await lasting.stop();
    const ephemeral = await start();
    assert.deepEqual(await query(ephemeral.url, 'show fsync'), ['off']);
  });

  it('is refused while the first one runs on the same files, naming its process', async () => {
    await start();
    await assert.rejects(start(), new RegExp(`in use by process ${process.pid}`));
  });

  it('that outlived its killed owner is stopped, and its data used on', async () => {
    const owner = spawn(process.execPath, ['--import', 'tsx', OWNER, folder, shared()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const orphan = JSON.parse(line.toString()) as { pid: number; url: string };
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await query(orphan.url, 'create table kept as select 1 as one');
    const server = await start();
    assert.equal(identityOf(orphan.pid), undefined);
    assert.deepEqual(await query(server.url, 'select one from kept'), [1]);
  });

  it('runs from binaries that lost their links and lie where its user cannot go', async () => {
    const native = join(folder, 'native');
    cpSync(installedNative(), native, {
      recursive: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
    const server = await start({ native });
    const [version] = await query(server.url, 'show server_version');
    assert.match(String(version), /^18\./);
  });

  it('leaves no throw-away cluster behind once its data folder is gone', async () => {
    const closed = join(folder, 'deleted');
    await (await start({ dataDir: closed })).stop();
    rmSync(closed, { recursive: true });
    await start({ dataDir: join(folder, 'next') });
    const clusters = existsSync(shared()) ? readdirSync(shared()).filter(isCluster) : [];
    assert.ok(clusters.length <= 1, clusters.join(', '));
  });

  it('says what went wrong when it cannot start', async () => {
    const { port } = await start();
    const rival = start({ dataDir: join(folder, 'rival'), port });
    await assert.rejects(
      rival,
      /PostgreSQL did not start \(exit code 1\)[^]*Address already in use/,
    );
  });
});

function isCluster(name: string): boolean {
  return /^postgres-[0-9a-f]{16}$/.test(name);
}
