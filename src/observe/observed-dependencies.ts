/** The activities' ports, each with somebody watching. */
import type { ActivityDependencies } from '../activities/ports.ts';
import type { Meter } from './meter.ts';
import { observedAnalyses } from './observed-analyses.ts';
import { observedNotifier } from './observed-notifier.ts';
import { observedReviews } from './observed-reviews.ts';
import { observedScorings } from './observed-scorings.ts';
import { observedSpeech } from './observed-speech.ts';

/** How the analysis threads are busy at this moment. */
export interface ThreadLoad {
  threads: number;
  busy: number;
  waiting: number;
}

export interface ObservedOptions {
  meter: Meter;
  /** 0 where the recogniser is one's own. */
  speechCostPerMinute: number;
  threadLoad: () => ThreadLoad;
}

export function observedDependencies(
  deps: ActivityDependencies,
  { meter, speechCostPerMinute, threadLoad }: ObservedOptions,
): ActivityDependencies {
  meter.read('elocute_analysis_threads', () => {
    const { threads, busy } = threadLoad();
    return [
      { labels: { state: 'busy' }, value: busy },
      { labels: { state: 'idle' }, value: threads - busy },
    ];
  });
  meter.read('elocute_analysis_tasks_waiting', () => [{ labels: {}, value: threadLoad().waiting }]);
  return {
    ...deps,
    analyses: observedAnalyses(deps.analyses, meter),
    scorings: observedScorings(deps.scorings, meter),
    reviews: { ...deps.reviews, store: observedReviews(deps.reviews.store, meter) },
    notifier: observedNotifier(deps.notifier, meter),
    speech: observedSpeech(deps.speech, meter, speechCostPerMinute),
  };
}
