import type { RecordingRef } from '../contract.ts';
import { blameRecording } from './blame-recording.ts';
import type { ActivityDependencies } from './ports.ts';

/** The bytes of exactly the version that was resolved, at most `maxBytes` of them. */
export function readRecording(
  recording: RecordingRef,
  deps: Pick<ActivityDependencies, 'objects' | 'settings'>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { maxBytes } = deps.settings;
  return deps.objects.read(recording.object, maxBytes, signal).catch(blameRecording(recording));
}
