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
import {
  changed,
  completedScene,
  failedScene,
  raiseQuota,
  retryingScene,
} from '../support/web-ui-scenes.ts';

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
    // Rows of the timeline that are not in view are not in the page either.
    const page = await browser.newPage({ viewport: { width: 1440, height: 1600 } });
    await page.goto(`${uiUrl}/namespaces/default/workflows/${workflowId}`);
    if (tab !== '') await page.getByRole('tab', { name: tab }).first().click();
    return page;
  }

  /** Title, explanation and current details; the UI renders each Markdown text in a frame. */
  async function metadataOf(workflowId: string) {
    const page = await open(workflowId, 'User Metadata');
    const [title, explanation, details] = [0, 1, 2].map((frame) =>
      page.locator('iframe').nth(frame).contentFrame(),
    );
    assert.ok(title && explanation && details);
    return { page, title, explanation, details };
  }

  it('shows a scoring as a report: its title, the scores first, then what was done', async () => {
    const { workflowId, scoringId } = await completedScene(world);
    const { page, title, explanation, details } = await metadataOf(workflowId);
    await title.getByText('novel · level 2 · A Breath of Life · line 4').waitFor();
    await explanation.getByText(`elocute status ${scoringId.slice(0, 12)}`).waitFor();
    const [row] = await world.database.query<{ result: { overall: number; fluency: number } }>(
      'select result from elocute.scoring where id = $1',
      [scoringId],
    );
    assert.ok(row);
    await details.getByText(`Overall ${row.result.overall}`, { exact: true }).waitFor();
    await details.getByText(`fluency ${row.result.fluency}`, { exact: true }).waitFor();
    await details.getByText('✓ pitch · learner').waitFor();
    await details.getByText('✓ phones · standard').waitFor();
    await page.close();
  });

  it('names in the timeline what each activity does, and for which recording', async () => {
    const { workflowId } = await completedScene(world);
    const page = await open(workflowId, '');
    for (const activity of [
      'resolveLesson • find recordings and sentence',
      'transcribeSpeech • transcript · learner',
      'trackPitch • pitch · learner',
      'trackPitch • pitch · standard',
      'alignPhones • phones · learner',
      'alignPhones • phones · standard',
      'scoreRecording • compare learner with standard',
      'saveScore • save scores',
    ]) {
      await page.getByText(activity).first().waitFor();
    }
    await page.close();
  });

  it('shows of a failed scoring the code, what happened, and what to do', async () => {
    const { workflowId } = await failedScene(world);
    const { page, title, details } = await metadataOf(workflowId);
    await page.getByText('Failed', { exact: true }).first().waitFor();
    await title.getByText('novel · level 2 · Not Recorded Yet · line 4').waitFor();
    await details.getByText('STANDARD_MISSING', { exact: true }).waitFor();
    await details.getByText('no standard recording for novel level 2, line 4').waitFor();
    await details.getByText('Upload it, then replay.').waitFor();
    await details.getByText('The learner reads').waitFor();
    await details.getByText('✗ resolve lesson (failed)').waitFor();
    await details.getByText('save (not begun)').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).first().click();
    await page.getByText('saveFailure • save failure · STANDARD_MISSING').first().waitFor();
    await page.close();
  });

  it('shows of a step that tries again how often it did, and the real reason', async () => {
    await completedScene(world);
    const { workflowId } = await retryingScene(world);
    const { page, details } = await metadataOf(workflowId);
    await details.getByText('… transcript · learner (running)').waitFor();
    await details.getByText('✓ pitch · standard (kept from before)').waitFor();
    await page.getByRole('tab', { name: 'Pending Activities' }).first().click();
    await page
      .getByText('RESOURCE_EXHAUSTED: Quota exceeded for requests per minute')
      .first()
      .waitFor();
    const attempt = page.getByText(/^\s*\d+ \/ Unlimited\s*$/i).first();
    assert.ok(Number.parseInt(await attempt.innerText(), 10) >= 3);
    await page.getByRole('tab', { name: 'Timeline' }).first().click();
    await page
      .getByText(/Attempt\s+\d+ \/ ∞\s+•\s+transcribeSpeech • transcript · learner/)
      .waitFor();
    raiseQuota(world);
    await outcomeOf(world, { scoringId: '', workflowId, key: '', versionId: null, etag: null });
    await page.reload();
    await page.getByText(/\d+\s+•\s+transcribeSpeech • transcript · learner/).waitFor();
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
