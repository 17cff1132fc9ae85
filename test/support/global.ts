/** When a mocha run ends, whatever `services.ts` started is stopped, however the run went. */
import { stopServices } from './services.ts';

export async function mochaGlobalTeardown(): Promise<void> {
  await stopServices();
}
