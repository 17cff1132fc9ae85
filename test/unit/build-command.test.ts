import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config.ts';
import { deploymentOptionsOf } from '../../src/adapters/temporal-deployment.ts';
import { changeOf, describeBuilds } from '../../src/commands/build.ts';
import { UsageError } from '../../src/commands/exit-codes.ts';

const given = (id?: string, percent?: string, none = false) => ({ id, percent, none });

describe('elocute build', () => {
  it('refuses what it is not meant to be told', () => {
    const wrong: [string, ReturnType<typeof given>][] = [
      ['start', given('b')],
      ['list', given('b')],
      ['list', given(undefined, undefined, true)],
      ['current', given()],
      ['current', given('b', undefined, true)],
      ['current', given('b', '10')],
      ['ramp', given('b')],
      ['ramp', given(undefined, '10')],
      ['ramp', given('b', '101')],
      ['ramp', given('b', '-1')],
      ['ramp', given('b', 'half')],
      ['ramp', given('b', '')],
      ['ramp', given('b', '10', true)],
    ];
    for (const [action, rest] of wrong) {
      const what = `${action} ${JSON.stringify(rest)}`;
      assert.throws(() => changeOf(action, rest), UsageError, what);
    }
  });

  it('changes nothing to list, and something else', () => {
    assert.equal(changeOf('list', given()), null);
    assert.notEqual(changeOf('current', given('b')), null);
    assert.notEqual(changeOf('current', given(undefined, undefined, true)), null);
    assert.notEqual(changeOf('ramp', given('b', '0')), null);
    assert.notEqual(changeOf('ramp', given('b', '2.5')), null);
  });

  it('shows which build has the work, and which has a share', () => {
    assert.match(describeBuilds(null), /versioning is off\.$/);
    const createdAt = '2026-11-24T20:29:31.000Z';
    const builds = [
      { buildId: 'new', status: 'ramping' as const, rampPercent: 10, createdAt },
      { buildId: 'older', status: 'current' as const, rampPercent: null, createdAt: null },
    ];
    assert.equal(
      describeBuilds({ deployment: 'elocute', current: 'older', builds }),
      [
        'elocute: older is current.',
        '  new    ramping 10 %   first seen 2026-11-24T20:29Z',
        '  older  current',
      ].join('\n'),
    );
    const none = describeBuilds({ deployment: 'elocute', current: null, builds: [] });
    assert.match(none, /^elocute: no build is current, so only workers without a build/);
  });
});

describe('the build of a worker', () => {
  const least = { DATABASE_URL: 'postgresql://elocute@127.0.0.1/elocute' };

  it('is told to nobody unless it has a name', () => {
    assert.deepEqual(deploymentOptionsOf(loadConfig(least)), {});
    assert.deepEqual(deploymentOptionsOf(loadConfig({ ...least, WORKER_BUILD_ID: '3f9c1d2' })), {
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: { buildId: '3f9c1d2', deploymentName: 'elocute' },
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    });
  });

  it('has a name that Temporal and a shell take as it is', () => {
    for (const name of ['a b', 'a:b', 'ä', 'x'.repeat(129)]) {
      assert.throws(() => loadConfig({ ...least, WORKER_BUILD_ID: name }), /WORKER_BUILD_ID/, name);
    }
    assert.throws(() => loadConfig({ ...least, WORKER_DEPLOYMENT: 'a.b' }), /WORKER_DEPLOYMENT/);
  });
});
