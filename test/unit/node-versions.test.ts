import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { nodeFits } from '../../src/commands/doctor-local.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('the versions of Node.js', () => {
  it('that doctor accepts are those of package.json', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    assert.equal(engines.node, '^20.19.0 || ^22.13.0 || >=24.0.0');
    for (const version of ['20.19.0', '20.20.2', '22.13.0', '24.0.0']) {
      assert.ok(nodeFits(version), version);
    }
    for (const version of ['18.20.0', '20.18.3', '21.7.0', '22.12.0', '23.1.0']) {
      assert.ok(!nodeFits(version), version);
    }
  });

  it('are enough for every installed package', () => {
    // Enough of semver for what packages write: caret, at least, exact major, joined by ||.
    const admits = (range: string, [major, minor]: readonly [number, number]) =>
      range.split('||').some((part) => {
        const [, sign = '', m = '', n = '0'] =
          /^\s*(\^|>=|>|~)?\s*v?(\d+)(?:\.(\d+))?/.exec(part) ?? [];
        if (m === '') return true;
        const enough = major === Number(m) && minor >= Number(n);
        return enough || (sign.startsWith('>') && major > Number(m));
      });
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { engines?: { node?: string } }>;
    };
    for (const floor of [
      [20, 19],
      [22, 13],
    ] as const) {
      const refusing = Object.entries(packages).filter(
        ([, { engines }]) => engines?.node !== undefined && !admits(engines.node, floor),
      );
      assert.deepEqual(
        refusing.map(([name]) => name),
        [],
        floor.join('.'),
      );
    }
  });
});
