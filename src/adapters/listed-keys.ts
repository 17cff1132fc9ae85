/**
 * Reads the keys of a listing that was asked for with `EncodingType: 'url'`. A store that does not know
 * the parameter sends keys as they are, and does not say "url".
 */
export function listedKeys(answer: { EncodingType?: string | undefined }): (key: string) => string {
  return answer.EncodingType === 'url' ? decodeListedKey : (key) => key;
}

/** AWS writes a space as `+`, others as `%20`; a plus is `%2B` with all of them. */
function decodeListedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
