const isCi = Boolean(process.env.CI);

module.exports = {
  'node-option': ['import=./test/support/typescript.mjs'],
  extension: ['ts'],
  require: ['test/support/global.ts'],
  reporter: './test/support/reporter.mjs',
  timeout: 60000,
  slow: 5000,
  'check-leaks': false,
  // A test that is left out must not pass for one that has run.
  'forbid-only': isCi,
  'forbid-pending': isCi,
};
