import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSequencers, storedSequencer } from '../../src/contract/compare-sequencers.ts';
import { compareVersions, type VersionOrder } from '../../src/contract/compare-versions.ts';

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdefABCDEF'.split('')), { minLength: 1, maxLength: 40 })
  .map((digits) => digits.join(''));
const order = (a: string, b: string) => compareSequencers(a, b) ?? assert.fail('both are known');
const sign = (value: number) => Math.sign(value) + 0;

/** What the facts say, as a number: the shorter one padded on the right. */
function asNumbers(a: string, b: string): number {
  const width = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((one) => BigInt(`0x${one.padEnd(width, '0')}`));
  assert.ok(left !== undefined && right !== undefined);
  return left < right ? -1 : left > right ? 1 : 0;
}

describe('sequencers of one key', () => {
  it('compare as hex numbers of the same width, padded on the right', () => {
    fc.assert(fc.property(hex, hex, (a, b) => order(a, b) === asNumbers(a, b)));
    assert.equal(order('0062E99A88DC407460', '0062E99A88DC4074600'), 0);
    assert.ok(order('00A', '00AF') < 0 && order('0B', '00AF') > 0);
  });

  it('are in a total order: antisymmetric, transitive, and equal to themselves', () => {
    fc.assert(
      fc.property(hex, hex, hex, (a, b, c) => {
        assert.equal(order(a, a), 0);
        assert.equal(sign(order(a, b)), sign(-order(b, a)));
        const [low = '', middle = '', high = ''] = [a, b, c].sort(order);
        assert.ok(order(low, middle) <= 0 && order(middle, high) <= 0 && order(low, high) <= 0);
      }),
    );
  });

  it('do not care for zeros on the right or for the case of their digits', () => {
    fc.assert(
      fc.property(hex, hex, fc.nat(12), (a, b, zeros) => {
        const padded = a + '0'.repeat(zeros);
        assert.equal(order(padded, b), order(a, b));
        assert.equal(order(a.toUpperCase(), b.toLowerCase()), order(a, b));
        assert.equal(storedSequencer(padded)?.padEnd(60, '0'), storedSequencer(a)?.padEnd(60, '0'));
      }),
    );
  });

  it('are stored so that they compare as before, also as texts', () => {
    const short = hex.filter((one) => one.length <= 32);
    fc.assert(
      fc.property(short, short, (a, b) => {
        const [left, right] = [storedSequencer(a) ?? '', storedSequencer(b) ?? ''];
        assert.match(left, /^[0-9a-f]{32}$/);
        assert.equal(order(left, right), order(a, b));
        assert.equal(left < right ? -1 : left > right ? 1 : 0, order(a, b));
      }),
    );
  });

  it('say nothing where one is missing or no hex number', () => {
    for (const nothing of [null, '', ' ', 'xyz', '0x1', '1-2']) {
      assert.equal(compareSequencers(nothing, 'ab'), null);
      assert.equal(compareSequencers('ab', nothing), null);
      assert.equal(storedSequencer(nothing), null);
    }
  });
});

describe('versions of one object', () => {
  const version = (sequencer: string | null, objectModifiedAtMs: number | null): VersionOrder => ({
    sequencer,
    objectModifiedAtMs,
  });

  it('are ordered by their sequencers, whatever the store’s clock says', () => {
    assert.ok((compareVersions(version('0a', 9000), version('0b', 1000)) ?? 0) < 0);
    assert.ok((compareVersions(version('0b', null), version('0a', null)) ?? 0) > 0);
  });

  it('are ordered by the store’s clock where a sequencer is missing', () => {
    assert.ok((compareVersions(version(null, 1000), version('0a', 2000)) ?? 0) < 0);
    assert.ok((compareVersions(version(null, 2000), version(null, 1000)) ?? 0) > 0);
  });

  it('are in no known order within one second, or where one was gone before anybody asked', () => {
    assert.equal(compareVersions(version(null, 1000), version(null, 1000)), null);
    assert.equal(compareVersions(version(null, null), version('0a', 1000)), null);
    assert.equal(compareVersions(version('0a', null), version('0A0', null)), null);
  });
});
