/** What a phonetically tied mixture model holds, whatever file it came from. */

/** Streams of features (statics, differences, differences of differences), each with its mixtures. */
export const STREAMS = 3;
/** Emitting states of a phone, left to right. */
export const STATES = 3;

/** `begin`, `end`, `single` or `internal`: where in its word a phone stands. */
export type WordPosition = 'internal' | 'begin' | 'end' | 'single';

export interface AcousticModel {
  /** ARPAbet without stress, `SIL`, and the noises `+NSN+` and `+SPN+`; a phone is its index here. */
  phones: readonly string[];
  /** Gaussians in the codebook of a phone and stream. */
  gaussians: number;
  /** Features of one stream. */
  width: number;
  /**
   * Per Gaussian `width` pairs of mean and negative half precision, so that the log density is
   * `constants[g] + Σ (x - mean)² · scale`: `[((phone * STREAMS + stream) * gaussians + g) * 2 * width]`.
   */
  parameters: Float32Array;
  /** Log density at the mean: `[(phone * STREAMS + stream) * gaussians + g]`. */
  constants: Float32Array;
  /** Senones: distributions of states, shared between similar contexts. */
  senones: number;
  /** Negative log mixture weights in steps of `weightStep` nats: `[(stream * gaussians + g) * senones + senone]`. */
  weights: Uint8Array;
  weightStep: number;
  /**
   * The senones of a phone's three states between its neighbours, or without regard to them where
   * the model has not seen them. `left` and `right` are phones; silence at the edges of speech.
   */
  senonesOf: (phone: number, context?: PhoneContext) => readonly [number, number, number];
}

export interface PhoneContext {
  left: number;
  right: number;
  position: WordPosition;
}
