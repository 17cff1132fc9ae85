/** Forced alignment of the sentence with a recording; kept by content and sentence. */
import type { AlignedPhones, AlignPhonesInput } from '../contract.ts';
import { ElocuteError } from '../failures.ts';
import type { Alignment } from '../scoring/analyses.ts';
import { blameRecording } from './blame-recording.ts';
import { engineOf } from './engine-of.ts';
import type { ActivityDependencies } from './ports.ts';
import { readRecording } from './read-recording.ts';

type Dependencies = Pick<ActivityDependencies, 'objects' | 'analyses' | 'audio' | 'settings'>;

export function createAlignPhones(deps: Dependencies) {
  return async function alignPhones(
    { recording, sentence }: AlignPhonesInput,
    signal: AbortSignal,
  ): Promise<AlignedPhones> {
    const kept = await deps.analyses.once<Alignment>(
      {
        kind: 'alignment',
        engine: engineOf(deps.audio.alignerVersion, recording, deps.audio),
        sha256: recording.sha256,
        sentence,
      },
      async () => {
        const bytes = await readRecording(recording, deps, signal);
        return deps.audio.alignPhones(bytes, sentence, signal).catch(blameRecording(recording));
      },
      signal,
    );
    if (recording.role === 'standard' && kept.value.kind === 'unaligned') {
      const { reason } = kept.value;
      throw new ElocuteError('STANDARD_UNUSABLE', `the standard does not align: ${reason}`);
    }
    return {
      analysis: { key: kept.key, cached: kept.cached },
      aligned: kept.value.kind === 'aligned',
    };
  };
}
