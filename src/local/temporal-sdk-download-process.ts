/**
 * Downloads the Temporal development server into the folder given as the first argument, the way
 * the SDK's own test environment does. The SDK also starts it, which shows that it works.
 */
import { createRequire } from 'node:module';
import { DefaultLogger, Runtime } from '@temporalio/worker';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: temporal-sdk-download-process FOLDER');
const sdk = createRequire(import.meta.url)('@temporalio/worker/package.json') as {
  version: string;
};

try {
  const runtime = Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await runtime.createEphemeralServer({
    type: 'dev-server',
    exe: {
      type: 'cached-download',
      downloadDir: folder,
      version: 'default',
      ttl: 0,
      sdkName: 'sdk-typescript',
      sdkVersion: sdk.version,
    },
    namespace: 'default',
    ip: '127.0.0.1',
    port: null,
    uiPort: null,
    dbFilename: null,
    ui: false,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  });
  await runtime.shutdownEphemeralServer(server);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.disconnect();
