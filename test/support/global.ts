/** Root hooks of every mocha run: whatever `services.ts` started lazily is stopped at the end. */
import { stopServices } from './services.ts';

export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    await stopServices();
  },
};
