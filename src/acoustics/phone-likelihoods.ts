/** Every phone of the model laid over every segment. */
import { STATES, type AcousticModel } from './acoustic-model.ts';
import { FEATURES } from './cepstra.ts';
import { spokenFrames, type PhoneSegment } from './phone-segments.ts';
import { bestGaussians, scoreStates, type BestGaussians } from './state-scores.ts';

export interface PhoneLikelihoods {
  /** What was compared: all phones of the model but its noises, `SIL` included. */
  phones: readonly number[];
  /**
   * Per segment, one per phone of `phones`: log-likelihood in nats per frame, had that phone been
   * said between the same neighbours (three states, Viterbi). Empty for a segment without frames.
   */
  segments: readonly Float64Array[];
}

export function phoneLikelihoods(
  model: AcousticModel,
  features: Float64Array,
  segments: readonly PhoneSegment[],
): PhoneLikelihoods {
  const phones = [...model.phones.keys()].filter(
    (at) => model.phones[at]?.startsWith('+') === false,
  );
  const spoken = spokenFrames(segments, features.length / FEATURES);
  const result = segments.map(
    ({ first, end }) => new Float64Array(end > first ? phones.length : 0),
  );
  phones.forEach((phone, column) => {
    const best = bestGaussians(model, phone, features, spoken);
    const isSilence = model.phones[phone] === 'SIL';
    segments.forEach((segment, row) => {
      const { first, end, context } = segment;
      if (end <= first) return;
      const senones = model.senonesOf(phone, isSilence ? undefined : context);
      const total = segmentLikelihood(model, best, senones, first, end);
      const target = result[row];
      if (target !== undefined) target[column] = total / (end - first);
    });
  });
  return { phones, segments: result };
}

/** The likeliest way through three states from left to right; in under three frames, any state. */
function segmentLikelihood(
  model: AcousticModel,
  best: BestGaussians,
  senones: readonly [number, number, number],
  first: number,
  end: number,
): number {
  const now = new Float64Array(STATES);
  let [begin, middle, last] = [0, -Infinity, -Infinity];
  for (let frame = first; frame < end; frame++) {
    scoreStates(model, best, frame, senones, now, 0);
    const fromMiddle = Math.max(middle, last);
    const fromBegin = frame === first ? -Infinity : Math.max(begin, middle);
    last = fromMiddle + (now[2] ?? 0);
    middle = fromBegin + (now[1] ?? 0);
    begin += now[0] ?? 0;
  }
  return end - first < STATES ? Math.max(begin, middle, last) : last;
}
