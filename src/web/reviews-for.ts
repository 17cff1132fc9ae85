/** The reviews that a teacher is asked for. Only the workflow of a scoring knows whose voice it is. */
import { workflowIdFor } from '../contract.ts';
import { maySee, visibilityOf, type Principal } from './principal.ts';
import type { ScoringWorkflows, WaitingReview, WebDependencies } from './web-ports.ts';

export interface LearnersReview extends WaitingReview {
  userId: string;
}

const PAGE = 50;
/** A teacher of a class waits for no more than so many looks at others' reviews. */
export const MOST_WAITING = 2000;
const MOST_OWNERS = 10_000;

type Ports = Pick<WebDependencies, 'reviews' | 'workflows'>;

/** Whose a scoring is never changes: of others' reviews, each is looked up once. */
const owners = new WeakMap<ScoringWorkflows, Map<string, string>>();

/** The least certain first, `most` of those that are theirs. */
export async function reviewsFor(
  caller: Principal,
  most: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<LearnersReview[]> {
  const { lessons } = visibilityOf(caller);
  const theirs: LearnersReview[] = [];
  let after: WaitingReview | null = null;
  for (let seen = 0; seen < MOST_WAITING; seen += PAGE) {
    const page: WaitingReview[] = await ports.reviews.waiting(lessons, after, PAGE);
    const found = await Promise.all(page.map((one) => reviewFor(caller, one, ports, signal)));
    theirs.push(...found.filter((one) => one !== null));
    after = page.at(-1) ?? null;
    if (theirs.length >= most || page.length < PAGE) break;
  }
  return theirs.slice(0, most);
}

/** Null where it waits no more, or is none of theirs. */
export async function reviewFor(
  caller: Principal,
  review: WaitingReview,
  { workflows }: Pick<Ports, 'workflows'>,
  signal: AbortSignal,
): Promise<LearnersReview | null> {
  const { scoringId, lesson } = review;
  const known = ownersIn(workflows);
  const owner = known.get(scoringId);
  if (owner !== undefined && !maySee(caller, { userId: owner, lesson })) return null;
  const workflow = await workflows.look(workflowIdFor(scoringId), signal);
  if (workflow === null) return null;
  const { userId } = workflow.input;
  if (known.size >= MOST_OWNERS) known.clear();
  known.set(scoringId, userId);
  if (!workflow.running || !maySee(caller, { userId, lesson })) return null;
  return { ...review, userId };
}

function ownersIn(workflows: ScoringWorkflows): Map<string, string> {
  const known = owners.get(workflows) ?? new Map<string, string>();
  owners.set(workflows, known);
  return known;
}
