import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { en } from '../../src/report/messages/en.ts';
import { ko } from '../../src/report/messages/ko.ts';
import { sayIn, type MessageKey } from '../../src/report/messages/message.ts';
import { phones } from '../../src/report/sounds.ts';
import { evidencePhones } from '../../src/scoring/analyses.ts';

const keys = Object.keys(en) as MessageKey[];

function placeholders(message: string): string[] {
  return [...message.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
}

describe('the messages of the report', () => {
  it('have the same keys in both languages', () => {
    assert.deepEqual(Object.keys(ko), Object.keys(en));
  });

  it('have the same values to fill in', () => {
    for (const key of keys) assert.deepEqual(placeholders(ko[key]), placeholders(en[key]), key);
  });

  it('are in their own script, where they say anything beside their values', () => {
    const signs = ['word_label', 'percent', 'evidence_word'];
    for (const key of keys) {
      assert.doesNotMatch(en[key], /[가-힣]/, key);
      if (!signs.includes(key)) assert.match(ko[key], /[가-힣]/, key);
    }
  });

  it('attach no Korean particle to a value, since its form depends on how the value ends', () => {
    for (const key of keys) {
      assert.doesNotMatch(ko[key], /\{\w+\}"? ?(은|는|이|가|을|를|와|과|로|으로)(?![가-힣])/, key);
    }
  });

  it('know how to make every sound that the aligner names', () => {
    const spoken = evidencePhones.filter((phone) => phone !== 'SIL');
    assert.deepEqual([...phones].sort(), [...spoken].sort());
    for (const phone of phones) assert.ok(en[`sound_${phone}`].length > 10);
  });

  it('are all said somewhere', () => {
    const folder = new URL('../../src/report/', import.meta.url);
    const code = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n');
    // Keys that are put together: `grade_${grade}` says every key that begins and ends so.
    const made = [...code.matchAll(/`(\w*)\$\{[^}]*\}(\w*)`/g)]
      .map(([, start = '', end = '']) => ({ start, end }))
      .filter(({ start, end }) => start + end !== '');
    for (const key of keys) {
      const isSaid =
        new RegExp(`'${key}'`).test(code) ||
        made.some(({ start, end }) => key.startsWith(start) && key.endsWith(end)) ||
        ['overall', 'accuracy', 'fluency', 'prosody'].includes(key);
      assert.ok(isSaid, key);
    }
  });

  it('leave a brace in a value alone', () => {
    assert.equal(sayIn('en')('computed_of', { score: '{value}', value: 1 }), '{value}: 1 of 100');
  });
});
