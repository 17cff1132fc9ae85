import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { status as grpc } from '@grpc/grpc-js';
import type { Browser, Page } from 'playwright-core';
import { PROGRESS_QUERY, type ScoringProgress } from '../../src/contract.ts';
import { launchChromium } from '../support/chromium.ts';
import {
  existingWorkflow,
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { temporalServer } from '../support/services.ts';

const pair = lessonPair(23);

describe('the Temporal Web UI', function () {
  this.timeout(120_000);
  let world: LocalWorld;
  let browser: Browser;
  let uiUrl: string;
  before(async () => {
    ({ uiUrl } = await temporalServer());
    [world, browser] = await Promise.all([openWorld(), launchChromium()]);
  });
  after(async () => {
    await browser.close();
    await world.close();
  });

  async function open(workflowId: string, tab: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${uiUrl}/namespaces/default/workflows/${workflowId}`);
    if (tab !== '') await page.getByRole('tab', { name: tab }).first().click();
    return page;
  }

  it('shows what is done for which recording, and the scores at the end', async () => {
    const lesson = { contentType: 'novel', level: 2, title: 'Seen in the Browser', line: 4 };
    await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
    const upload = await putLearner(world, lesson, readFileSync(pair.learner));
    const { ours } = await outcomeOf(world, upload);
    const overall = (ours[0]?.['result'] as { overall: number }).overall;
    const page = await open(upload.workflowId, 'User Metadata');
    // The UI renders each Markdown text in a frame of its own.
    const summary = page.locator('iframe').nth(0).contentFrame();
    const details = page.locator('iframe').nth(1).contentFrame();
    await summary.getByText('novel · level 2 · Seen in the Browser · line 4').waitFor();
    await details.getByText('pitch · learner').waitFor();
    await details.getByText(String(overall), { exact: true }).first().waitFor();
    await page.close();
  });

  it('cancels a scoring by its own button; the failure is stored and nothing is lost', async () => {
    const lesson = { contentType: 'novel', level: 2, title: 'Cancelled in the Browser', line: 1 };
    await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
    // As long as the speech service is down, the scoring stays where it can be cancelled.
    world.speech.injectFault({ code: grpc.UNAVAILABLE, details: 'down', count: 1000 });
    const upload = await putLearner(world, lesson, changed(readFileSync(pair.learner)));
    const handle = await existingWorkflow(world, upload.workflowId);
    for (;;) {
      const { steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
      const others = steps.filter(({ name }) => /^(pitch|phones)/.test(name));
      if (others.every(({ state }) => state === 'done' || state === 'kept')) break;
    }
    const page = await open(upload.workflowId, '');
    await page.getByRole('button', { name: 'Request Cancellation' }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    await page.close();
    world.speech.injectFault({ code: grpc.OK, details: '', count: 0 });
    assert.equal(workflowStatus, 'CANCELLED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['failure_code']]),
      [['failed', 'CANCELLED']],
    );
    assert.deepEqual(
      application.map((row) => row['status']),
      ['failed'],
    );
  });
});

/** Another content than the test before: nothing is kept for it. */
function changed(wav: Buffer): Buffer {
  const copy = Buffer.from(wav);
  copy.writeInt16LE(1, copy.length - 2);
  return copy;
}
