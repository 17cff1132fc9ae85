import assert from 'node:assert/strict';
import { en } from '../../src/scoring/messages/en.ts';
import { ko } from '../../src/scoring/messages/ko.ts';
import { named, say, type MessageKey } from '../../src/scoring/messages/message.ts';

const keys = Object.keys(en) as MessageKey[];

function placeholders(message: string): string[] {
  return [...message.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

describe('the messages', () => {
  it('have the same keys in both languages', () => {
    assert.deepEqual(Object.keys(ko), Object.keys(en));
  });

  it('have the same values to fill in', () => {
    for (const key of keys) assert.deepEqual(placeholders(ko[key]), placeholders(en[key]), key);
  });

  it('are whole sentences, the Korean ones polite and in Hangul', () => {
    for (const key of keys) {
      assert.match(en[key], /^[A-Z].*\.$/, key);
      assert.match(ko[key], /[가-힣]/, key);
      assert.match(ko[key], /요\.$/, key);
    }
  });

  it('attach no Korean particle to a value, since its form depends on how the value ends', () => {
    for (const key of keys) {
      assert.doesNotMatch(
        ko[key],
        /\{\w+\} ?(은|는|이|가|을|를|와|과|로|으로|이라|라)(?![가-힣])/,
        key,
      );
      assert.doesNotMatch(ko[key], /\{(words|heard)\}[가-힣]/, key);
    }
  });

  it('leave no other letter or brace than what they were given', () => {
    assert.deepEqual(say('too_slow', { percent: 50 }), {
      en: "You spoke at about 50 % of the standard's speed: join the words and speak a little faster.",
      ko: '표준 음성의 약 50% 속도로 말했어요. 단어를 이어서 조금 더 빠르게 말해 보세요.',
    });
  });

  it('leave a brace in a value alone', () => {
    const { en: text } = say('missing_pauses', { words: '{words}' });
    assert.equal(text, 'Take a short pause after {words}, as the standard does.');
  });

  it('name at most three words, each once', () => {
    assert.deepEqual(named([]), { en: '', ko: '' });
    assert.deepEqual(named(['the']), { en: '"the"', ko: '"the"' });
    assert.deepEqual(named(['a', 'b', 'a', 'c', 'd']), {
      en: '"a", "b" and "c"',
      ko: '"a", "b", "c"',
    });
  });
});
