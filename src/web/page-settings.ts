/** What a page tells its code; it stands in the page as JSON. */
import type { Role } from './principal.ts';

export const PAGE_SETTINGS_ID = 'settings';

/** What language somebody chose, for the pages that are written by the server. */
export const LANGUAGE_COOKIE = 'elocute-language';

export interface PageSettings {
  role: Role;
  userId: string;
  language: 'en' | 'ko';
  /** Recording ends by itself then. */
  maxSeconds: number;
  contentTypes: readonly string[];
  /** Of a teacher: names of classes to choose from. */
  classes?: readonly string[];
  /** Address of the code that takes samples off the microphone. */
  recorder: string;
}
