import assert from 'node:assert/strict';
import { bareEtag } from '../../src/adapters/s3.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';

const object = { bucket: 'b', key: 'k', versionId: null, etag: null };

describe('the id of an upload', () => {
  it('is made of the version, else of the etag, and of nothing less', () => {
    const ofVersion = scoringIdOf({ ...object, versionId: 'v', etag: 'e' });
    assert.equal(ofVersion, scoringIdOf({ ...object, versionId: 'v', etag: 'other' }));
    assert.notEqual(ofVersion, scoringIdOf({ ...object, etag: 'e' }));
    for (const nothing of [null, '']) {
      assert.throws(() => scoringIdOf({ ...object, versionId: nothing, etag: nothing }));
    }
    assert.equal(
      scoringIdOf({ ...object, versionId: '', etag: 'e' }),
      scoringIdOf({ ...object, etag: 'e' }),
    );
  });

  it('knows no etag where a store sends an empty one', () => {
    assert.deepEqual(['"e"', 'e', '""', '', undefined].map(bareEtag), ['e', 'e', null, null, null]);
  });
});
