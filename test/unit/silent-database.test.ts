import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';

/** AuthenticationOk and ReadyForQuery of PostgreSQL's protocol. */
const WELCOME = Buffer.from('5200000008000000005a0000000549', 'hex');

describe('a connection to PostgreSQL whose other end has vanished', () => {
  let server: Server;
  let sockets: Socket[];
  let database: Database;

  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      // Lets in, and never says a word again.
      socket.once('data', () => socket.write(WELCOME)).on('error', () => undefined);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    database = openDatabase({
      connectionString: `postgresql://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/db`,
      poolSize: 1,
      answerTimeoutMs: 100,
    });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await database.close();
    server.close();
  });

  it('fails what was asked, as an outage, and keeps no place in the pool', async () => {
    for (const connections of [1, 2]) {
      await assert.rejects(database.query('select 1'), { code: 'DATABASE_UNAVAILABLE' });
      assert.equal(sockets.length, connections);
    }
    await assert.rejects(
      database.transaction((query) => query('select 1')),
      { code: 'DATABASE_UNAVAILABLE' },
    );
    await assert.rejects(database.query('select 1'), { code: 'DATABASE_UNAVAILABLE' });
    assert.equal(sockets.length, 4);
  });
});
