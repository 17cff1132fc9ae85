/** Every timeout and retry policy, each with its reason. */
import type { ActivityOptions } from '@temporalio/workflow';

/** S3, PostgreSQL and arithmetic: milliseconds when all is well. */
export const lightOptions = {
  startToCloseTimeout: '30 seconds', // ten times the slowest read of a 10 MB object seen
  scheduleToCloseTimeout: '1 day', // an outage of storage may last a night; nobody's recording is lost
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' }, // unlimited: the catalogue says what is final
} satisfies ActivityOptions;

/** One call to the speech service each; the client itself never retries. */
export const speechOptions = {
  startToCloseTimeout: '90 seconds', // 30 s for the call, and waiting for another worker's result of the same content
  scheduleToCloseTimeout: '1 day', // a quota may be exhausted until midnight
  heartbeatTimeout: '10 seconds', // a killed worker is noticed in seconds, not after the whole timeout
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' }, // long steps: a service in trouble must not be hammered
} satisfies ActivityOptions;

/** Signal processing in threads: at most 0.4 × real time on a busy core, so 24 s for 60 s of audio. */
export const audioOptions = {
  startToCloseTimeout: '2 minutes', // five times the longest recording on a busy core
  scheduleToCloseTimeout: '1 day', // its S3 and PostgreSQL reads may wait out an outage
  heartbeatTimeout: '10 seconds', // a killed worker is noticed in seconds
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' }, // crashes are limited in the catalogue
} satisfies ActivityOptions;

/** Writing the outcome: the one step that must not be given up. */
export const saveOptions = {
  startToCloseTimeout: '30 seconds', // one transaction of two rows
  scheduleToCloseTimeout: '7 days', // a database may need a restore; the score waits for it
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' }, // short steps: people wait for it
} satisfies ActivityOptions;

/** One request to the application, of at most 10 s. */
export const notifyOptions = {
  startToCloseTimeout: '20 seconds', // the request's own bound, and as much again for a slow DNS
  scheduleToCloseTimeout: '1 day', // a deployment or a night's outage; after that nobody waits for it, and the row is there
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' }, // somebody else's server: slowly, and soon enough after it is back
} satisfies ActivityOptions;

/** A batch reads many rows or lists many objects: pages of at most 1,000. */
export const batchOptions = {
  startToCloseTimeout: '10 minutes', // counting a million objects is a thousand lists of 0.2 s
  scheduleToCloseTimeout: '1 day', // its S3 and PostgreSQL reads may wait out an outage
  heartbeatTimeout: '10 seconds', // a killed worker is noticed in seconds
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' }, // nobody waits for it; the database must not be hammered
} satisfies ActivityOptions;

/** A chunk of a batch from kept analyses: about 20 ms an item, at most 500 of them. */
export const rescoreOptions = {
  startToCloseTimeout: '5 minutes', // thirty times the largest chunk
  scheduleToCloseTimeout: '1 day', // a database that is down holds the batch, and fails no item
  heartbeatTimeout: '10 seconds', // a killed worker is noticed in seconds; what it did stands in the ledger
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' }, // unlimited: the catalogue says what is final
} satisfies ActivityOptions;

/** One page of 1,000 keys: a listing, a query, and for what is missing three short calls each. */
export const reconcileOptions = {
  startToCloseTimeout: '10 minutes', // a page where all is missing: 1,000 starts at a few a second, where Temporal is slow
  scheduleToCloseTimeout: '1 day', // waits out an outage; the schedule skips while it does
  heartbeatTimeout: '10 seconds', // a killed worker is noticed in seconds
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes' }, // long steps: a Temporal that refuses starts must not be hammered
} satisfies ActivityOptions;
