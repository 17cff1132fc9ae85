import type { RecordingRef } from '../contract.ts';
import type { AudioEngines } from './ports.ts';

/**
 * The engine that an analysis of this recording is kept under. What had to be decoded first depends
 * on the decoder too; WAV does not, so its analyses stay valid when a decoder changes.
 */
export function engineOf(
  engine: string,
  { format = 'wav' }: RecordingRef,
  audio: Pick<AudioEngines, 'decoderOf'>,
): string {
  const decoder = audio.decoderOf(format);
  return decoder === null ? engine : `${engine} ${decoder}`;
}
