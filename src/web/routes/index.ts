/** Every route of the web process. */
import type { Route } from '../route.ts';
import { assetRoutes } from './assets.ts';
import { batchRoutes } from './batches.ts';
import { documentRoutes } from './document.ts';
import { healthRoutes } from './health.ts';
import { homeRoutes } from './home.ts';
import { insightRoutes } from './insights.ts';
import { lessonRoutes } from './lessons.ts';
import { practiceRoutes } from './practice.ts';
import { preflightRoutes } from './preflight.ts';
import { recordingRoutes } from './recordings.ts';
import { replayRoutes } from './replays.ts';
import { reportRoutes } from './report.ts';
import { scoringEventRoutes } from './scoring-events.ts';
import { reviewRoutes } from './reviews.ts';
import { scoringRoutes } from './scorings.ts';
import { scoringTableRoutes } from './scoring-table.ts';
import { signInRoutes } from './sign-in.ts';
import { standardRoutes } from './standards.ts';
import { teacherRoutes } from './teacher.ts';
import { uploadRoutes } from './uploads.ts';

/** What the OpenAPI document describes. */
export const apiRoutes: readonly Route[] = [
  ...uploadRoutes,
  ...scoringRoutes,
  ...scoringTableRoutes,
  ...scoringEventRoutes,
  ...recordingRoutes,
  ...lessonRoutes,
  ...replayRoutes,
  ...batchRoutes,
  ...standardRoutes,
  ...insightRoutes,
  ...reviewRoutes,
  ...healthRoutes,
];

export const routes: readonly Route[] = [
  ...apiRoutes,
  ...documentRoutes(apiRoutes),
  ...signInRoutes,
  ...homeRoutes,
  ...practiceRoutes,
  ...teacherRoutes,
  ...assetRoutes,
  ...reportRoutes,
  ...preflightRoutes,
];
