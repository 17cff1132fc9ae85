import assert from 'node:assert/strict';
import { isInsecure } from '../../src/adapters/open-speech.ts';

describe('the way to the speech service', () => {
  it('is encrypted to whatever is not on this machine', () => {
    for (const host of ['eu-speech.googleapis.com', '10.0.0.7', '127.evil.org', 'localhost.org']) {
      assert.equal(isInsecure('google', host), false, host);
    }
  });

  it('is plain on this machine, and to a recogniser of one’s own', () => {
    assert.equal(isInsecure('google', 'localhost'), true);
    assert.equal(isInsecure('google', '127.0.0.1'), true);
    assert.equal(isInsecure('offline', 'recogniser.internal'), true);
  });
});
