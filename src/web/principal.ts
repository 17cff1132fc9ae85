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
  /** Of a teacher: the learners of classes, by the name of the class. */
  classes?: Classes | undefined;
}

/** What may name a class: it stands in tokens, in addresses and, before `=`, in commands. */
export const CLASS_NAME = /^[^=\p{Cc}]{1,64}$/u;

export type Classes = ReadonlyMap<string, readonly string[]>;

/** Which scorings somebody sees; null: no such limit. */
export interface Visibility {
  users: readonly string[] | null;
  lessons: readonly string[] | null;
}

/** Whoever names classes and no learners means those of the classes, not everybody. */
export function visibilityOf(principal: Principal): Visibility {
  const { role, userId, users, lessons, classes } = principal;
  switch (role) {
    case 'learner':
      return { users: [userId], lessons: null };
    case 'teacher':
      return { users: users ?? (classes === undefined ? null : everyMember(classes)), lessons };
    case 'operator':
      return { users: null, lessons: null };
  }
}

function everyMember(classes: Classes): string[] {
  return [...new Set([...classes.values()].flat())];
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
