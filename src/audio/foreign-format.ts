/** Other audio files by their first bytes, as `[offset, bytes in Latin-1, name]`. */
const signatures: readonly (readonly [number, string, string])[] = [
  [0, '\x1a\x45\xdf\xa3', 'WebM'],
  [4, 'ftyp', 'MP4 or m4a'],
  [0, 'OggS', 'Ogg'],
  [0, 'fLaC', 'FLAC'],
  [0, 'ID3', 'MP3'],
  [0, '\xff\xfb', 'MP3'],
  [0, '\xff\xf3', 'MP3'],
  [0, '\xff\xf1', 'AAC'],
  [0, '\xff\xf9', 'AAC'],
  [0, 'FORM', 'AIFF'],
  [0, 'caff', 'CAF'],
  [0, '#!AMR', 'AMR'],
  [0, 'RF64', 'RF64'],
  [0, 'RIFX', 'RIFX'],
];

/** Names the kind of a file that is not WAV, for messages; undefined where it is not known. */
export function nameForeignFormat(bytes: Uint8Array): string | undefined {
  return signatures.find(([offset, text]) => hasTextAt(bytes, offset, text))?.[2];
}

/** Do the bytes at `offset` spell `text` (Latin-1)? */
export function hasTextAt(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (bytes[offset + at] !== text.charCodeAt(at)) return false;
  }
  return true;
}
