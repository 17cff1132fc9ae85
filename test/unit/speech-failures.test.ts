import assert from 'node:assert/strict';
import { credentialsFailure, speechFailure } from '../../src/adapters/speech-failures.ts';
import type { FailureCode } from '../../src/failures.ts';

const rows: [grpc: number, name: string, code: FailureCode][] = [
  [1, 'CANCELLED', 'SPEECH_UNAVAILABLE'],
  [2, 'UNKNOWN', 'SPEECH_UNAVAILABLE'],
  [3, 'INVALID_ARGUMENT', 'SPEECH_REJECTED'],
  [4, 'DEADLINE_EXCEEDED', 'SPEECH_UNAVAILABLE'],
  [5, 'NOT_FOUND', 'SPEECH_REJECTED'],
  [7, 'PERMISSION_DENIED', 'SPEECH_DENIED'],
  [8, 'RESOURCE_EXHAUSTED', 'SPEECH_QUOTA'],
  [9, 'FAILED_PRECONDITION', 'SPEECH_REJECTED'],
  [10, 'ABORTED', 'SPEECH_UNAVAILABLE'],
  [11, 'OUT_OF_RANGE', 'SPEECH_REJECTED'],
  [12, 'UNIMPLEMENTED', 'SPEECH_REJECTED'],
  [13, 'INTERNAL', 'SPEECH_UNAVAILABLE'],
  [14, 'UNAVAILABLE', 'SPEECH_UNAVAILABLE'],
  [16, 'UNAUTHENTICATED', 'SPEECH_DENIED'],
];

describe('failures of the speech service', () => {
  for (const [grpc, name, code] of rows) {
    it(`${name} (${grpc}) is ${code}, with its cause`, () => {
      const cause = Object.assign(new Error(`${grpc} ${name}: reason`), { code: grpc });
      const failure = speechFailure(cause, 30_000);
      assert.equal(failure.code, code);
      assert.equal(failure.cause, cause);
      assert.match(failure.message, /reason/);
    });
  }

  it('only quota makes the next attempt wait', () => {
    for (const [grpc, , code] of rows) {
      const failure = speechFailure(Object.assign(new Error(), { code: grpc }), 45_000);
      assert.equal(failure.nextRetryDelayMs, code === 'SPEECH_QUOTA' ? 45_000 : undefined);
    }
  });

  it('what has no gRPC code counts as passing trouble', () => {
    for (const cause of [new Error('socket'), Object.assign(new Error(), { code: 'EPIPE' }), 'x']) {
      assert.equal(speechFailure(cause, 0).code, 'SPEECH_UNAVAILABLE');
    }
  });

  it('missing credentials are SPEECH_DENIED', () => {
    const cause = new Error('Could not load the default credentials');
    assert.equal(credentialsFailure(cause).code, 'SPEECH_DENIED');
    assert.equal(credentialsFailure(cause).cause, cause);
  });
});
