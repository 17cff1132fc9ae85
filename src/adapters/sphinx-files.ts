/** Sphinx's binary formats: Gaussians (`means`, `variances`) and mixture weights (`sendump`). */

const BYTE_ORDER = 0x11223344;

export interface GaussianFile {
  codebooks: number;
  streams: number;
  gaussians: number;
  width: number;
  /** `[((codebook * streams + stream) * gaussians + g) * width + feature]` */
  values: Float32Array;
}

/**
 * Reads `means` or `variances`: a text header up to `endhdr`, a byte-order word, the numbers of
 * codebooks, streams and Gaussians, the width of each stream, the number of values, the values.
 * @throws Error for a file of another byte order or with streams of different widths.
 */
export function readGaussians(bytes: Buffer): GaussianFile {
  let at = bytes.indexOf('endhdr\n') + 'endhdr\n'.length;
  const next = () => bytes.readInt32LE((at += 4) - 4);
  if (next() !== BYTE_ORDER) throw new Error('the acoustic model has another byte order');
  const [codebooks, streams, gaussians] = [next(), next(), next()];
  const widths = Array.from({ length: streams }, next);
  const width = widths[0] ?? 0;
  const count = next();
  if (count !== codebooks * streams * gaussians * width) {
    throw new Error('the acoustic model has streams of different widths');
  }
  const start = at;
  const values = Float32Array.from({ length: count }, (_, index) =>
    bytes.readFloatLE(start + 4 * index),
  );
  return { codebooks, streams, gaussians, width, values };
}

export interface WeightFile {
  gaussians: number;
  senones: number;
  /** Negative logs in steps of 1024 ln 1.0001: `[(stream * gaussians + g) * senones + senone]`. */
  weights: Uint8Array;
}

/**
 * Reads `sendump`: strings with their lengths, ended by a length of 0, then rows (Gaussians),
 * columns (senones), and one byte per stream, row and column.
 * @throws Error where the weights are clustered or cut off.
 */
export function readWeights(bytes: Buffer, streams: number): WeightFile {
  let at = 0;
  const next = () => bytes.readInt32LE((at += 4) - 4);
  for (let length = next(); length !== 0; length = next()) {
    const line = bytes.toString('latin1', at, at + length - 1);
    if (/^cluster_count [^0]/.test(line)) throw new Error('clustered mixture weights: unsupported');
    at += length;
  }
  const [gaussians, senones] = [next(), next()];
  const weights = Uint8Array.from(bytes.subarray(at, at + streams * gaussians * senones));
  if (weights.length !== streams * gaussians * senones) throw new Error('sendump is cut off');
  return { gaussians, senones, weights };
}
