/** Samples at or above this magnitude count as clipped: 16-bit full scale is 0.99997. */
const clippedMagnitude = 0.999;

/**
 * Share of samples at full scale, 0–1; 0 for no samples. `samples` are -1 to 1, at any rate.
 * Throws nothing.
 */
export function clippedShare(samples: Float32Array): number {
  let clipped = 0;
  for (let at = 0; at < samples.length; at++) {
    if (Math.abs(samples[at] ?? 0) >= clippedMagnitude) clipped++;
  }
  return samples.length === 0 ? 0 : clipped / samples.length;
}
