/** The last step of `npm run build`: the workflow bundles that workers load in production. */
import { writeFileSync } from 'node:fs';
import { buildWorkflowBundle, PREBUILT } from './adapters/workflow-bundle.ts';

for (const kind of ['plain', 'traced'] as const) {
  const { code } = await buildWorkflowBundle(undefined, kind);
  writeFileSync(PREBUILT[kind], code);
}
