/** Sounds without speech, 16 kHz mono; the same on every call. */
const RATE_HZ = 16_000;

function samples(seconds: number, at: (index: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE_HZ) }, (_, index) => at(index));
}

export function silence(seconds: number): Float32Array {
  return samples(seconds, () => 0);
}

export function tone(seconds: number, hz: number): Float32Array {
  return samples(seconds, (index) => 0.3 * Math.sin((2 * Math.PI * hz * index) / RATE_HZ));
}

/** Gaussian; `deviation` re full scale. */
export function whiteNoise(seconds: number, deviation: number): Float32Array {
  const random = generator();
  return samples(
    seconds,
    () => deviation * Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random()),
  );
}

/** 50 Hz over the hiss of a cheap microphone. */
export function hum(seconds: number): Float32Array {
  const hiss = whiteNoise(seconds, 0.001);
  return samples(
    seconds,
    (index) => 0.02 * Math.sin((2 * Math.PI * 50 * index) / RATE_HZ) + (hiss[index] ?? 0),
  );
}

/** A linear congruential generator: uniform in 0–1. */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
