import type { Interval } from '../scoring/advice.ts';
import type { Role } from './page-data.ts';

/** A stretch of one recording to be played; null: all of it. */
export interface Piece {
  role: Role;
  interval: Interval | null;
}

/** `learner:0.52-0.83 standard`: what a button plays, one after the other. */
export function writePieces(pieces: readonly Piece[]): string {
  return pieces
    .map(({ role, interval }) =>
      interval === null
        ? role
        : `${role}:${interval.startS.toFixed(3)}-${interval.endS.toFixed(3)}`,
    )
    .join(' ');
}

/** What `writePieces` wrote; anything else is left out. */
export function readPieces(text: string): Piece[] {
  return text.split(' ').flatMap((piece) => {
    const match = /^(learner|standard)(?::(\d+\.\d+)-(\d+\.\d+))?$/.exec(piece);
    if (match === null) return [];
    const [, role, start, end] = match;
    const interval =
      start === undefined || end === undefined
        ? null
        : { startS: Number(start), endS: Number(end) };
    return [{ role: role as Role, interval }];
  });
}
