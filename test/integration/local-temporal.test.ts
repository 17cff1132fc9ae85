import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { identityOf } from '../../src/local/process-identity.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';
import { temporalBinary } from '../support/services.ts';

describe('the local Temporal server', () => {
  let folder = '';
  let binary = '';
  const servers: TemporalServer[] = [];

  before(async function () {
    this.timeout(300_000);
    binary = await temporalBinary();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'elocute-temporal-'));
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<TemporalServer> {
    const server = await startTemporalServer({
      binary,
      dataFile: join(folder, 'temporal.db'),
      searchAttributes: { ElocuteTestUser: 'Keyword', ElocuteTestScore: 'Double' },
      logFile: join(folder, 'temporal.log'),
    });
    servers.push(server);
    return server;
  }

  async function withClient<T>({ address }: TemporalServer, work: (client: Client) => Promise<T>) {
    const connection = await Connection.connect({ address });
    try {
      return await work(new Client({ connection }));
    } finally {
      await connection.close();
    }
  }

  it('keeps workflows over a restart and knows the search attributes', async () => {
    const first = await start();
    await withClient(first, (client) =>
      client.workflow.start('waitsForWorker', { workflowId: 'kept', taskQueue: 'nobody' }),
    );
    await first.stop();
    await first.stop();
    assert.equal(identityOf(first.pid), undefined);
    const second = await start();
    await withClient(second, async (client) => {
      const { status } = await client.workflow.getHandle('kept').describe();
      assert.equal(status.name, 'RUNNING');
      const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
        namespace: 'default',
      });
      assert.ok('ElocuteTestUser' in customAttributes && 'ElocuteTestScore' in customAttributes);
    });
  });

  it('serves its Web UI, on loopback only', async () => {
    const server = await start();
    const page = await fetch(server.uiUrl);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<html/i);
    const addresses = new Set(listeningAddresses(server.pid));
    assert.deepEqual([...addresses], process.platform === 'linux' ? ['0100007F'] : []);
  });

  it('is reported with its last words when it cannot start', async () => {
    writeFileSync(
      join(folder, 'temporal.db'),
      'this is no SQLite database, but long enough'.repeat(9),
    );
    await assert.rejects(start(), (error: Error) => {
      assert.match(error.message, /^Temporal did not start \(exit code 1\)/);
      assert.match(error.message, /not a database/);
      return true;
    });
  });
});

/** Addresses, in the kernel's hexadecimal, on which a process accepts TCP; Linux only, else none. */
function listeningAddresses(pid: number): string[] {
  if (process.platform !== 'linux') return [];
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && socketsOf(pid).has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}

function socketsOf(pid: number): Set<string> {
  const folder = `/proc/${pid}/fd`;
  const names = readdirSync(folder).map((name) => readlink(join(folder, name)));
  return new Set(names.flatMap((name) => /^socket:\[(\d+)\]$/.exec(name)?.[1] ?? []));
}

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
