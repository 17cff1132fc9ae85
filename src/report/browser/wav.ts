/** Sample rate of the recordings in the page, and where their samples begin: we made them. */
const RATE_HZ = 16_000;
const HEADER_BYTES = 44;

export interface Wav {
  url: string;
  samples: Float32Array;
  durationS: number;
}

export function wavOf(base64: string): Wav {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const count = Math.max(0, Math.floor((bytes.length - HEADER_BYTES) / 2));
  const samples = Float32Array.from(
    { length: count },
    (_, index) => view.getInt16(HEADER_BYTES + 2 * index, true) / 0x8000,
  );
  const url = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }));
  return { url, samples, durationS: count / RATE_HZ };
}
