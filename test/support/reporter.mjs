/**
 * Mocha's own report; where MOCHA_TOTALS names a file, the totals of the run go there as well, so
 * that nobody has to find them among what tests have printed.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_TOTALS;
    // A test that runs mocha must not overwrite the totals of the run it belongs to.
    delete process.env.MOCHA_TOTALS;
    if (!file) return;
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      writeFileSync(file, `${passes} passed, ${failures} failed\n`);
    });
  }
}
