/** The workflow code as one file: prebuilt in production, built on the spot from source. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKFLOWS = fileURLToPath(new URL(`../workflows/index.${EXTENSION}`, import.meta.url));

/** Where `npm run build` puts the bundle. */
export const PREBUILT = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

export async function workflowBundle(): Promise<WorkflowBundleOption> {
  return existsSync(PREBUILT) ? { codePath: PREBUILT } : buildWorkflowBundle();
}

/** @throws where a workflow imports a module of Node.js; the error names it. */
export async function buildWorkflowBundle(workflowsPath = WORKFLOWS): Promise<{ code: string }> {
  const said: string[] = [];
  // What is wrong is only logged; the bundler's own error says no more than that something is.
  const logger = new DefaultLogger('WARN', ({ message }) => said.push(message));
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath, logger });
    return { code };
  } catch (cause) {
    throw new Error(`The workflows cannot be bundled:\n${said.join('\n')}`, { cause });
  }
}
