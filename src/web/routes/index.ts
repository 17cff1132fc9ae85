/** Every route of the web process. */
import type { Route } from '../route.ts';
import { batchRoutes } from './batches.ts';
import { documentRoutes } from './document.ts';
import { healthRoutes } from './health.ts';
import { homeRoutes } from './home.ts';
import { lessonRoutes } from './lessons.ts';
import { preflightRoutes } from './preflight.ts';
import { recordingRoutes } from './recordings.ts';
import { replayRoutes } from './replays.ts';
import { reportRoutes } from './report.ts';
import { scoringEventRoutes } from './scoring-events.ts';
import { scoringRoutes } from './scorings.ts';
import { signInRoutes } from './sign-in.ts';
import { standardRoutes } from './standards.ts';
import { uploadRoutes } from './uploads.ts';

/** What the OpenAPI document describes. */
export const apiRoutes: readonly Route[] = [
  ...uploadRoutes,
  ...scoringRoutes,
  ...scoringEventRoutes,
  ...recordingRoutes,
  ...lessonRoutes,
  ...replayRoutes,
  ...batchRoutes,
  ...standardRoutes,
  ...healthRoutes,
];

export const routes: readonly Route[] = [
  ...apiRoutes,
  ...documentRoutes(apiRoutes),
  ...signInRoutes,
  ...homeRoutes,
  ...reportRoutes,
  ...preflightRoutes,
];
