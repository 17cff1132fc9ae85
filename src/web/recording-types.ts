import type { RecordingExtension } from '../uploads/key-grammar.ts';

const EXTENSIONS: Readonly<Record<string, RecordingExtension>> = {
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
};

/** Types of recordings that are taken: those whose keys the starter lets through. */
export function takenTypes(suffixes: readonly string[]): string[] {
  return Object.entries(EXTENSIONS)
    .filter(([, ending]) => suffixes.length === 0 || suffixes.includes(`.${ending}`))
    .map(([type]) => type);
}

/** How the key of such a recording ends; null where it is none. */
export function extensionOf(contentType: string): RecordingExtension | null {
  return Object.hasOwn(EXTENSIONS, contentType) ? (EXTENSIONS[contentType] ?? null) : null;
}
