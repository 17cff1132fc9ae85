/** The workflow code as one file: prebuilt in production, built on the spot from source. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKFLOWS = fileURLToPath(new URL(`../workflows/index.${EXTENSION}`, import.meta.url));

/** With the SDK's OpenTelemetry interceptors, or without a line of them. */
export type BundleKind = 'plain' | 'traced';

/** Where `npm run build` puts the bundles. */
export const PREBUILT = {
  plain: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)),
  traced: fileURLToPath(new URL('../workflow-bundle-traced.js', import.meta.url)),
} as const satisfies Record<BundleKind, string>;

export async function workflowBundle(kind: BundleKind = 'plain'): Promise<WorkflowBundleOption> {
  const codePath = PREBUILT[kind];
  return existsSync(codePath) ? { codePath } : buildWorkflowBundle(WORKFLOWS, kind);
}

/** @throws where a workflow imports a module of Node.js; the error names it. */
export async function buildWorkflowBundle(
  workflowsPath = WORKFLOWS,
  kind: BundleKind = 'plain',
): Promise<{ code: string }> {
  const said: string[] = [];
  // What is wrong is only logged; the bundler's own error says no more than that something is.
  const logger = new DefaultLogger('WARN', ({ message }) => said.push(message));
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger,
      workflowInterceptorModules: kind === 'traced' ? [tracingInterceptors()] : [],
    });
    return { code };
  } catch (cause) {
    throw new Error(`The workflows cannot be bundled:\n${said.join('\n')}`, { cause });
  }
}

function tracingInterceptors(): string {
  return createRequire(import.meta.url).resolve(
    '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors',
  );
}
