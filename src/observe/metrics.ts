/** Every metric of our own: the one place that names them. docs/observe.md is generated from it. */
import { failures } from '../failures.ts';

interface Metric {
  /** Which process has it. */
  of: 'worker' | 'starter';
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Label values that are shown as 0 from the start: a first increase is an increase too. */
  known?: readonly Record<string, string>[];
  /** Upper bounds of a histogram's buckets. */
  buckets?: readonly number[];
}

const codes = Object.keys(failures);
const speechOutcomes = ['ok', 'CANCELLED', ...codes.filter((code) => code.startsWith('SPEECH_'))];

/** From a hit of the cache to a night's outage. */
const LATENCY_S = [0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 900, 3600, 14_400];
const CALL_S = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30];

/** Labels have few values by design: never a user, a key, a lesson or a message. */
export const metrics = {
  elocute_uploads_total: {
    of: 'starter',
    type: 'counter',
    help: 'Announced uploads by what became of them: started, duplicate, or why they are not scored',
    labels: ['outcome'],
    known: [{ outcome: 'started' }, { outcome: 'duplicate' }, { outcome: 'POISON' }],
  },
  elocute_upload_errors_total: {
    of: 'starter',
    type: 'counter',
    help: 'Messages and requests that failed by their own fault and come again, poison that could not be moved to the dead letters, and receives that SQS failed',
    labels: [],
    known: [{}],
  },
  elocute_upload_refusals_total: {
    of: 'starter',
    type: 'counter',
    help: 'Messages and requests refused because Temporal or S3 was down: each try counts; nothing is lost by it',
    labels: [],
    known: [{}],
  },
  elocute_upload_returns_total: {
    of: 'starter',
    type: 'counter',
    help: 'Messages given back to the queue untouched, in a long outage or at a stop',
    labels: [],
    known: [{}],
  },
  elocute_queue_messages: {
    of: 'starter',
    type: 'gauge',
    help: 'Messages in the upload queue, as SQS counts them',
    labels: ['state'],
  },
  elocute_queue_oldest_message_seconds: {
    of: 'starter',
    type: 'gauge',
    help: 'Age of the oldest message in the upload queue; 0 where it is empty',
    labels: [],
  },
  elocute_dead_letters: {
    of: 'starter',
    type: 'gauge',
    help: 'Messages in the dead-letter queue',
    labels: [],
  },
  elocute_scorings_total: {
    of: 'worker',
    type: 'counter',
    help: 'Outcomes stored, by status; a repeated save counts once',
    labels: ['status'],
    known: [{ status: 'completed' }, { status: 'failed' }, { status: 'superseded' }],
  },
  elocute_scoring_failures_total: {
    of: 'worker',
    type: 'counter',
    help: 'Failed scorings by failure code',
    labels: ['code'],
    known: codes.map((code) => ({ code })),
  },
  elocute_reviews_opened_total: {
    of: 'worker',
    type: 'counter',
    help: 'Scorings that began to wait for a teacher; a repeated step counts again',
    labels: [],
    known: [{}],
  },
  elocute_upload_to_row_seconds: {
    of: 'worker',
    type: 'histogram',
    help: 'From the event of S3 to the stored outcome, where no teacher was waited for',
    labels: ['status'],
    known: [{ status: 'completed' }, { status: 'failed' }],
    buckets: LATENCY_S,
  },
  elocute_notifications_total: {
    of: 'worker',
    type: 'counter',
    help: 'Attempts to tell the application how a scoring ended: sent, or the failure code',
    labels: ['outcome'],
    known: ['sent', 'NOTIFY_UNAVAILABLE', 'NOTIFY_REFUSED'].map((outcome) => ({ outcome })),
  },
  elocute_activity_failures_total: {
    of: 'worker',
    type: 'counter',
    help: 'Failed attempts of activities, those that are retried included',
    labels: ['activity', 'code'],
  },
  elocute_analyses_total: {
    of: 'worker',
    type: 'counter',
    help: 'Analyses by kind: kept from before, or computed',
    labels: ['kind', 'result'],
    known: ['transcript', 'pitch', 'alignment', 'score'].flatMap((kind) => [
      { kind, result: 'kept' },
      { kind, result: 'computed' },
    ]),
  },
  elocute_analysis_seconds: {
    of: 'worker',
    type: 'histogram',
    help: 'Time to compute an analysis that was not kept, its reads included',
    labels: ['kind'],
    buckets: CALL_S,
  },
  elocute_analysis_threads: {
    of: 'worker',
    type: 'gauge',
    help: 'Analysis processes by state',
    labels: ['state'],
  },
  elocute_analysis_tasks_waiting: {
    of: 'worker',
    type: 'gauge',
    help: 'Tasks that wait for an analysis process',
    labels: [],
  },
  elocute_speech_calls_total: {
    of: 'worker',
    type: 'counter',
    help: 'Calls to the speech service: ok, or the failure code; SPEECH_QUOTA is its 429',
    labels: ['outcome'],
    known: speechOutcomes.map((outcome) => ({ outcome })),
  },
  elocute_speech_call_seconds: {
    of: 'worker',
    type: 'histogram',
    help: 'Duration of calls to the speech service',
    labels: [],
    known: [{}],
    buckets: CALL_S,
  },
  elocute_speech_billed_seconds_total: {
    of: 'worker',
    type: 'counter',
    help: 'Audio sent in calls that succeeded, each rounded up to 15 seconds as Google bills it',
    labels: [],
    known: [{}],
  },
  elocute_speech_cost_total: {
    of: 'worker',
    type: 'counter',
    help: 'Billed seconds times SPEECH_COST_PER_MINUTE, in its currency',
    labels: [],
    known: [{}],
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

export type Labels<Name extends MetricName> = Record<
  (typeof metrics)[Name]['labels'][number],
  string
>;

/** The table with its rows alike, for whoever walks over all of them. */
export function allMetrics(): [MetricName, Metric][] {
  return Object.entries(metrics) as [MetricName, Metric][];
}
