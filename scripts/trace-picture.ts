/** A picture of one trace, from the event of S3 to the row, drawn from the spans of a real scoring. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openObservedWorld } from '../test/support/observed-world.ts';
import type { CollectedSpan, OtlpCollector } from '../test/support/otlp-collector.ts';
import { ROOT } from '../test/support/run-command.ts';

const WIDTH = 640;
const COLOUR: Record<string, string> = {
  'elocute-starter': '#c27b1a',
  'elocute-worker': '#2f6f8f',
};

export async function takeTracePicture(browser: Browser): Promise<void> {
  const observed = await openObservedWorld();
  try {
    // The one whose recogniser refused the first call.
    const { collector, uploads } = observed;
    const spans = await traceOf(uploads.retried.workflowId, collector);
    const page = await browser.newPage({ deviceScaleFactor: 1.5 });
    await page.setContent(pageOf(spans));
    await page.locator('main').screenshot({ path: join(ROOT, 'docs', 'pictures', 'trace.png') });
  } finally {
    await observed.close();
  }
}

async function traceOf(workflowId: string, collector: OtlpCollector): Promise<CollectedSpan[]> {
  const own = (spans: CollectedSpan[]) =>
    spans.find(
      ({ name, attributes }) =>
        name.startsWith('RunWorkflow') && attributes['temporalWorkflowId'] === workflowId,
    );
  await collector.until((spans) => own(spans) !== undefined);
  return collector.spans.filter(({ traceId }) => traceId === own(collector.spans)?.traceId);
}

function pageOf(spans: CollectedSpan[]): string {
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.endMs));
  const left = (ms: number) => ((ms - startMs) / (endMs - startMs)) * WIDTH;
  const rows = ordered(spans, null).map(({ span, depth }) => {
    const width = Math.max(2, left(span.endMs) - left(span.startMs));
    const bar = `margin-left:${left(span.startMs)}px;width:${width}px;background:${COLOUR[span.service] ?? '#777'}`;
    return `<tr><td style="padding-left:${8 + depth * 14}px">${span.name}</td>
      <td style="text-align:right">${span.endMs - span.startMs} ms</td>
      <td style="width:${WIDTH}px"><div style="height:11px;border-radius:2px;${bar}"></div></td></tr>`;
  });
  const legend = Object.entries(COLOUR).map(
    ([name, colour]) => `<b style="color:${colour}">■</b> ${name}`,
  );
  return `<!doctype html><meta charset="utf-8">
    <style>main{font:13px sans-serif;width:max-content;padding:12px;background:#fff}
    td{padding:2px 8px;white-space:nowrap}table{border-collapse:collapse}tr:nth-child(odd){background:#f4f5f6}</style>
    <main><p>${legend.join(' &nbsp; ')}</p><table>${rows.join('')}</table></main>`;
}

/** Parents before their children, children in the order of their beginnings. */
function ordered(
  spans: CollectedSpan[],
  parent: string | null,
  depth = 0,
): { span: CollectedSpan; depth: number }[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .sort((a, b) => a.startMs - b.startMs)
    .flatMap((span) => [{ span, depth }, ...ordered(spans, span.spanId, depth + 1)]);
}
