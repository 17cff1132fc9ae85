/** The last step of `npm run build`: the workflow bundle that workers load in production. */
import { writeFileSync } from 'node:fs';
import { buildWorkflowBundle, PREBUILT } from './adapters/workflow-bundle.ts';

const { code } = await buildWorkflowBundle();
writeFileSync(PREBUILT, code);
