/**
 * `npm run histories`: records the history of every path anew, from a real server; with names after
 * `--`, of these paths only. What older code recorded on paths that are no longer taken stays.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { startScoring } from '../../src/adapters/temporal.ts';
import { workflowIdFor } from '../../src/contract.ts';
import {
  RECONCILE_UPLOADS,
  type ReconcileUploadsInput,
} from '../../src/contract/reconciliation.ts';
import { scriptedInput, scriptedWorker } from '../support/scripted-worker.ts';
import {
  stopServices,
  temporalBinary,
  temporalClient,
  temporalServer,
} from '../support/services.ts';
import { HISTORIES } from './histories.ts';
import { scenarios } from './scenarios.ts';

/** Stack traces name files: as `file:` URLs, or as paths where a source map was read. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

try {
  const client = await temporalClient();
  mkdirSync(HISTORIES, { recursive: true });
  const wanted = process.argv.slice(2);
  for (const scenario of scenarios()) {
    const { name, activities, interfere, reconcile } = scenario;
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start =
      scenario.start ??
      (reconcile === undefined ? startOne(name) : startReconciling(name, reconcile));
    const worker = await scriptedWorker(activities);
    await worker.run(async () => {
      const handle = await start(client, worker.taskQueue);
      await interfere?.(handle);
      await handle.result().catch(() => undefined);
      const { runId, raw } = await handle.describe();
      const first = raw.workflowExecutionInfo?.firstRunId;
      const shown = scenario.firstRun === true && first ? first : runId;
      writeFileSync(
        join(HISTORIES, `${name}.json`),
        anonymous(await show(handle.workflowId, shown)),
      );
      process.stdout.write(`recorded ${name}\n`);
    });
  }
} finally {
  await stopServices();
}

function startOne(name: string) {
  return async (client: Client, taskQueue: string): Promise<WorkflowHandle> => {
    const input = scriptedInput(createHash('sha256').update(name).digest('hex'));
    await startScoring(client, taskQueue, input);
    return client.workflow.getHandle(workflowIdFor(input.scoringId));
  };
}

function startReconciling(name: string, input: ReconcileUploadsInput) {
  return async (client: Client, taskQueue: string): Promise<WorkflowHandle> => {
    const workflowId = `elocute-${name}`;
    await client.workflow.start(RECONCILE_UPLOADS, { taskQueue, workflowId, args: [input] });
    return client.workflow.getHandle(workflowId);
  };
}

/** The server's own JSON, as the Web UI downloads it. */
async function show(workflowId: string, runId?: string): Promise<string> {
  const { address } = await temporalServer();
  const binary = await temporalBinary();
  return execFileSync(
    binary,
    [
      ...['workflow', 'show', '--workflow-id', workflowId, '--address', address],
      ...(runId === undefined ? [] : ['--run-id', runId]),
      ...['--output', 'json'],
    ],
    { encoding: 'utf8', maxBuffer: 10_000_000 },
  );
}

/** Which machine, process and folder recorded it is nobody's business. */
function anonymous(history: string): string {
  const here = history
    .replaceAll(/("identity": )"[^"]*"/g, '$1"recorder"')
    .replaceAll(pathToFileURL(ROOT).href, '')
    .replaceAll(ROOT, '');
  const path = /(?<=[\s(])(file:\/\/)?\/[^\s"()]+/.exec(here)?.[0];
  if (path !== undefined) throw new Error(`a path of this machine is left: ${path}`);
  return here;
}
