/** The phones of an alignment as the acoustic model sees them. */
import type { AcousticModel, PhoneContext, WordPosition } from './acoustic-model.ts';

/** Words of phones with times in seconds, as `AlignedWord`. */
export interface TimedWord {
  phones: readonly { phone: string; startS: number; endS: number }[];
}

export interface PhoneSegment {
  /** Index of the word, and of the phone within it. */
  word: number;
  index: number;
  /** Index into the model's phones. */
  phone: number;
  context: PhoneContext;
  /** Frames of 10 ms from the start of the samples: `first` up to, not including, `end`. */
  first: number;
  end: number;
}

/**
 * All phones of `words` in order, in frames counted from `startS`. A phone's neighbours are those of
 * the next word too, where no pause lies between; otherwise silence.
 * @throws Error for a phone that the model does not have.
 */
export function phoneSegments(
  model: AcousticModel,
  words: readonly TimedWord[],
  startS: number,
  frames: number,
): PhoneSegment[] {
  const silence = model.phones.indexOf('SIL');
  const frameAt = (s: number) => Math.min(frames, Math.max(0, Math.round((s - startS) * 100)));
  const flat = words.flatMap(({ phones }, word) =>
    phones.map((timed, index) => {
      const phone = model.phones.indexOf(timed.phone);
      if (phone < 0) throw new Error(`the acoustic model has no phone ${timed.phone}`);
      const position = wordPosition(index, phones.length);
      return {
        word,
        index,
        phone,
        position,
        first: frameAt(timed.startS),
        end: frameAt(timed.endS),
      };
    }),
  );
  return flat.map(({ position, ...segment }, at) => {
    const before = flat[at - 1];
    const after = flat[at + 1];
    const left = before?.end === segment.first ? before.phone : silence;
    const right = after?.first === segment.end ? after.phone : silence;
    return { ...segment, context: { left, right, position } };
  });
}

/** 1 for every frame inside a phone. */
export function spokenFrames(segments: readonly PhoneSegment[], frames: number): Uint8Array {
  const spoken = new Uint8Array(frames);
  for (const { first, end } of segments) spoken.fill(1, first, end);
  return spoken;
}

function wordPosition(index: number, length: number): WordPosition {
  if (length === 1) return 'single';
  if (index === 0) return 'begin';
  return index === length - 1 ? 'end' : 'internal';
}
