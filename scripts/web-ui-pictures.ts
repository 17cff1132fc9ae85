/** Pictures of the Temporal Web UI: scorings that completed, failed and try again, for the docs. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openWorld, outcomeOf } from '../test/support/local-world.ts';
import { ROOT } from '../test/support/run-command.ts';
import { temporalServer } from '../test/support/services.ts';
import {
  completedScene,
  failedScene,
  raiseQuota,
  retryingScene,
} from '../test/support/web-ui-scenes.ts';

const WIDTH = 1440;

export async function takeWebUiPictures(browser: Browser): Promise<void> {
  // Minutes, as in production, would make a dull picture.
  const world = await openWorld({ environment: { SPEECH_QUOTA_DELAY_MS: '1000' } });
  try {
    const { uiUrl } = await temporalServer();
    const workflows = `${uiUrl}/namespaces/default/workflows`;
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 1200 } });
    const completed = await completedScene(world);
    await page.goto(`${workflows}/${completed.workflowId}`);
    await seeMetadata(page, 'Overall');
    await keep(page, 'completed', 960);
    const failed = await failedScene(world);
    await page.goto(`${workflows}/${failed.workflowId}`);
    await seeMetadata(page, 'STANDARD_MISSING');
    await keep(page, 'failed', 900);
    const retrying = await retryingScene(world);
    await page.goto(`${workflows}/${retrying.workflowId}`);
    await page.getByText(/Attempt\s+\d+/).waitFor();
    await keep(page, 'retrying', 1010);
    await page.getByRole('tab', { name: 'Pending Activities' }).first().click();
    await page.getByText('RESOURCE_EXHAUSTED').first().waitFor();
    // Which machine it was is nobody's business, nor are the paths of the stack below.
    await page
      .getByText(/^\d+@/)
      .first()
      .evaluate((identity: { textContent: string }) => {
        identity.textContent = 'worker-1';
      });
    await keep(page, 'reason', 580);
    const query = 'ElocuteFailureCode = "STANDARD_MISSING"';
    await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
    await page.getByRole('link', { name: failed.workflowId }).first().waitFor();
    await keep(page, 'list', 300);
    raiseQuota(world);
    await outcomeOf(world, retrying);
  } finally {
    await world.close();
  }
}

async function seeMetadata(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'User Metadata' }).first().click();
  await page.locator('iframe').nth(2).contentFrame().getByText(text).first().waitFor();
}

/** Without the navigation at the left, which says nothing about a scoring. */
async function keep(page: Page, name: string, height: number): Promise<void> {
  const left = 257;
  await page.screenshot({
    path: join(ROOT, 'docs', 'pictures', `web-ui-${name}.png`),
    clip: { x: left, y: 48, width: WIDTH - left, height },
  });
}
