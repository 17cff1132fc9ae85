/** Who asks, and what of others' work they may see. */
import type { LessonLine } from '../contract.ts';

export const ROLES = ['learner', 'teacher', 'operator'] as const;

export type Role = (typeof ROLES)[number];

export interface Principal {
  role: Role;
  /** `sub` of the token: of a learner, the user id that stands in keys and rows. */
  userId: string;
  /** Of a teacher: whose scorings; null: everybody's. */
  users: readonly string[] | null;
  /** Of a teacher: lessons as `content type/level/title`; null: all. */
  lessons: readonly string[] | null;
}

/** Which scorings somebody sees; null: no such limit. */
export interface Visibility {
  users: readonly string[] | null;
  lessons: readonly string[] | null;
}

export function visibilityOf({ role, userId, users, lessons }: Principal): Visibility {
  switch (role) {
    case 'learner':
      return { users: [userId], lessons: null };
    case 'teacher':
      return { users, lessons };
    case 'operator':
      return { users: null, lessons: null };
  }
}

export function maySee(
  principal: Principal,
  { userId, lesson }: { userId: string; lesson: LessonLine },
): boolean {
  const { users, lessons } = visibilityOf(principal);
  if (users !== null && !users.includes(userId)) return false;
  return lessons === null || lessons.includes(lessonName(lesson));
}

/** As in a teacher's token. */
export function lessonName({ contentType, level, title }: Omit<LessonLine, 'line'>): string {
  return `${contentType}/${level}/${title}`;
}
