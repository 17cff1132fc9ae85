/** A connection to PostgreSQL that breaks right after a commit: done there, never acknowledged here. */
import { connect, createServer, type Socket } from 'node:net';
import { onEnd } from './services.ts';

export interface CuttingProxy {
  /** The database's address through the proxy. */
  url: string;
  /** The next commit is carried out, and its answer lost with the connection. */
  cutNextCommit(): void;
  cuts(): number;
}

export async function startCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed = false;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let committing = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      // A simple query: its type, its length, its text, a zero.
      if (armed && /^Q[^]{4}commit\0$/i.test(data.toString('latin1'))) {
        armed = false;
        committing = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      // The server answers a commit only when it is on disk.
      if (!committing) return void client.write(data);
      cuts += 1;
      client.destroy();
      upstream.destroy();
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  return { url: url.href, cutNextCommit: () => (armed = true), cuts: () => cuts };
}
