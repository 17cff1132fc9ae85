/** Counts which analyses were kept from before, and times those that had to be computed. */
import type { AnalysisStore } from '../activities/ports.ts';
import type { Meter } from './meter.ts';

export function observedAnalyses(analyses: AnalysisStore, meter: Meter): AnalysisStore {
  return {
    async once(key, compute, signal) {
      const { kind } = key;
      const timed = async () => {
        const startedMs = performance.now();
        const value = await compute();
        meter.record('elocute_analysis_seconds', { kind }, (performance.now() - startedMs) / 1000);
        return value;
      };
      const kept = await analyses.once(key, timed, signal);
      meter.count('elocute_analyses_total', { kind, result: kept.cached ? 'kept' : 'computed' });
      return kept;
    },
    get: (key) => analyses.get(key),
    getWithEngine: (key) => analyses.getWithEngine(key),
  };
}
