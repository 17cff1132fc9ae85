import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { ServiceError } from '@temporalio/client';
import { translateStorageError } from '../../src/adapters/s3.ts';
import { isStartOutage } from '../../src/adapters/start-outage.ts';

/** What the AWS SDK throws for a HEAD: the answer has no body, so the status is all there is. */
function s3Error(httpStatusCode: number): Error {
  return Object.assign(new Error('UnknownError'), { $metadata: { httpStatusCode } });
}

/** What the Temporal client throws. */
function temporalError(code: number, details: string): Error {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return new ServiceError('Failed to start Workflow', { cause });
}

describe('isStartOutage', () => {
  for (const code of [400, 401, 403, 409, 416]) {
    it(`takes HTTP ${code} of S3 for the matter of the one object that was asked for`, () => {
      assert.equal(isStartOutage(translateStorageError(s3Error(code))), false);
    });
  }

  for (const code of [408, 429, 500, 503]) {
    it(`takes HTTP ${code} of S3 for an outage`, () => {
      assert.equal(isStartOutage(translateStorageError(s3Error(code))), true);
    });
  }

  it('takes S3 that does not answer for an outage', () => {
    const cut = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    assert.equal(isStartOutage(translateStorageError(cut)), true);
    assert.equal(isStartOutage(new DOMException('too late', 'TimeoutError')), true);
  });

  it('takes what Temporal refuses for any start for an outage, and one invalid start for its own matter', () => {
    assert.equal(isStartOutage(temporalError(status.UNAVAILABLE, 'down')), true);
    assert.equal(isStartOutage(temporalError(status.RESOURCE_EXHAUSTED, 'slow down')), true);
    assert.equal(isStartOutage(temporalError(status.INVALID_ARGUMENT, 'input too large')), false);
    const unmapped = 'Namespace default has no mapping defined for search attribute ElocuteLevel';
    assert.equal(isStartOutage(temporalError(status.INVALID_ARGUMENT, unmapped)), true);
  });
});
