/** Pitch and energy contours of a recording; kept by content. */
import type { TrackedPitch, TrackPitchInput } from '../contract.ts';
import type { PitchTrack } from '../scoring/analyses.ts';
import { blameRecording } from './blame-recording.ts';
import { engineOf } from './engine-of.ts';
import type { ActivityDependencies } from './ports.ts';
import { readRecording } from './read-recording.ts';

type Dependencies = Pick<ActivityDependencies, 'objects' | 'analyses' | 'audio' | 'settings'>;

export function createTrackPitch(deps: Dependencies) {
  return async function trackPitch(
    { recording }: TrackPitchInput,
    signal: AbortSignal,
  ): Promise<TrackedPitch> {
    const kept = await deps.analyses.once<PitchTrack>(
      {
        kind: 'pitch',
        engine: engineOf(deps.audio.pitchVersion, recording, deps.audio),
        sha256: recording.sha256,
        sentence: null,
      },
      async () => {
        const bytes = await readRecording(recording, deps, signal);
        return deps.audio.trackPitch(bytes, signal).catch(blameRecording(recording));
      },
      signal,
    );
    return {
      analysis: { key: kept.key, cached: kept.cached },
      durationS: kept.value.durationS,
    };
  };
}
