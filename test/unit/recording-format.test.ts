import assert from 'node:assert/strict';
import { id3Length, recordingFormatOf } from '../../src/audio/recording-format.ts';
import { FORMAT_FILES, formatFile, originalWav } from '../support/formats.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('recordingFormatOf', () => {
  it('tells every format by its bytes', () => {
    for (const name of FORMAT_FILES) {
      const ending = name.split('.').at(-1);
      assert.equal(recordingFormatOf(formatFile(name)), ending, name);
    }
    assert.equal(recordingFormatOf(originalWav()), 'wav');
  });

  it('leaves no bytes and other RIFF files to WAV, whose decoder says what is wrong', () => {
    assert.equal(recordingFormatOf(new Uint8Array()), 'wav');
    assert.equal(recordingFormatOf(Buffer.from('RIFF\0\0\0\0AVI ')), 'wav');
  });

  it('takes only headers of layer III that exist for MP3', () => {
    assert.equal(recordingFormatOf(bytesOf('fffb9064')), 'mp3');
    assert.equal(recordingFormatOf(bytesOf('ffe39064')), 'mp3');
    for (const hex of [
      'fff15080',
      'fffd9064',
      'fffbf064',
      'fffb9c64',
      'ffeb9064',
      'fefb9064',
      'ff',
    ]) {
      assert.equal(recordingFormatOf(bytesOf(hex)), 'other', hex);
    }
    assert.equal(recordingFormatOf(Buffer.from('#!AMR\n')), 'other');
  });

  it('steps over ID3 tags, also several, with footers, and longer than the file', () => {
    const tag = (size: string, flags = '00') => `4944330400${flags}${size}`;
    const flac = Buffer.from('fLaC');
    const two = Buffer.concat([
      bytesOf(tag('00000002')),
      Buffer.alloc(2),
      bytesOf(tag('00000000', '10')),
      Buffer.alloc(10),
      flac,
    ]);
    assert.equal(id3Length(two), two.length - 4);
    assert.equal(recordingFormatOf(two), 'flac');
    const beyond = bytesOf(tag('7f7f7f7f'));
    assert.equal(id3Length(beyond), 10 + 2 ** 28 - 1);
    assert.equal(recordingFormatOf(beyond), 'mp3');
  });

  it('looks at a bounded number of tags', () => {
    const tags = Buffer.concat(Array.from({ length: 1000 }, () => bytesOf('49443304000000000000')));
    assert.equal(id3Length(tags), 80);
  });
});
