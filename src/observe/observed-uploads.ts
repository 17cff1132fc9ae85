/** Shows what poller and webhook count anyway, and puts each start into a span that begins with the event. */
import type { ScorePronunciationInput } from '../contract.ts';
import type { StartOutcome, UploadCounts } from '../uploads/handle-event.ts';
import type { Meter } from './meter.ts';
import type { Tracer } from './tracer.ts';

type Start = (input: ScorePronunciationInput) => Promise<StartOutcome>;

export function observeCounts(counts: UploadCounts, meter: Meter): void {
  meter.read('elocute_uploads_total', () => {
    const { ignored, started, duplicate } = counts;
    return Object.entries({ started, duplicate, ...ignored }).map(([outcome, value]) => ({
      labels: { outcome },
      value,
    }));
  });
  meter.read('elocute_upload_errors_total', () => [{ labels: {}, value: counts.errors }]);
  meter.read('elocute_upload_refusals_total', () => [{ labels: {}, value: counts.refused }]);
  meter.read('elocute_upload_returns_total', () => [{ labels: {}, value: counts.returned }]);
}

/** The root of the trace: from the store's event, so that the wait in the queue is seen. */
export function tracedStart(start: Start, tracer: Tracer): Start {
  return (input) =>
    tracer.span(
      'receive upload',
      {
        startedAtMs: input.upload.eventAtMs,
        attributes: {
          'elocute.content_type': input.lesson.contentType,
          'elocute.level': input.lesson.level,
        },
      },
      async (add) => {
        const outcome = await start(input);
        add({ 'elocute.start': outcome });
        return outcome;
      },
    );
}
