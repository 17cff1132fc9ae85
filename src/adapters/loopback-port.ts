/** A port of 127.0.0.1 that was free a moment ago, for a server that cannot choose one itself. */
import { createServer, type AddressInfo } from 'node:net';

export async function loopbackPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
