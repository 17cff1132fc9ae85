import assert from 'node:assert/strict';
import { en } from '../../src/web/messages/en.ts';
import { ko } from '../../src/web/messages/ko.ts';
import { isMessageKey, sayIn } from '../../src/web/messages/message.ts';

describe('the messages of the pages', () => {
  const keys = Object.keys(en).filter(isMessageKey);
  const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

  it('have the same keys in English and Korean', () => {
    assert.deepEqual(Object.keys(ko).toSorted(), Object.keys(en).toSorted());
  });

  it('have the same values to fill in, and are not empty', () => {
    for (const key of keys) {
      assert.deepEqual(placeholders(ko[key]), placeholders(en[key]), key);
      assert.ok(ko[key].trim() !== '' && en[key].trim() !== '', key);
    }
  });

  it('are in their language: Korean ones hold Hangul, unless they are only values and names', () => {
    const withoutHangul = keys.filter((key) => !/[가-힣]/.test(ko[key]));
    assert.deepEqual(withoutHangul, ['sent_percent']);
  });

  it('leave braces in values alone', () => {
    assert.equal(sayIn('en')('signed_in', { user: '{user}' }), 'Signed in as {user}');
  });
});
