import type { PageData, Role } from '../page-data.ts';
import { readPieces, type Piece } from '../pieces.ts';
import { wavOf, type Wav } from './wav.ts';

export interface Track extends Wav {
  role: Role;
  audio: HTMLAudioElement;
}

/** A word is heard better with a little before and after it. */
const BEFORE_S = 0.04;
const AFTER_S = 0.08;

/** Plays one thing at a time: a new one stops the one before. */
export function createPlayer(recordings: PageData['recordings']) {
  const tracks = (['learner', 'standard'] as const).flatMap((role): Track[] => {
    const base64 = recordings[role];
    if (base64 === null) return [];
    const wav = wavOf(base64);
    const audio = new Audio(wav.url);
    audio.preload = 'auto';
    audio.dataset['role'] = role;
    // In the page, so that it is the page's: it has no controls and is not shown.
    document.body.append(audio);
    return [{ ...wav, role, audio }];
  });
  let stopCurrent: () => void = () => undefined;

  async function play(button: HTMLElement, pieces: readonly Piece[]): Promise<void> {
    stopCurrent();
    const stopping = new AbortController();
    stopCurrent = () => stopping.abort();
    for (const piece of pieces) {
      const track = tracks.find(({ role }) => role === piece.role);
      if (track === undefined || stopping.signal.aborted) continue;
      button.dataset['playing'] = piece.role;
      await playPiece(track, piece, stopping.signal);
      delete button.dataset['playing'];
    }
  }

  function wire(root: Document): void {
    for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-play]')) {
      const pieces = readPieces(button.dataset['play'] ?? '').filter(({ role }) =>
        tracks.some((track) => track.role === role),
      );
      if (pieces.length === 0) continue;
      button.addEventListener('click', () => {
        if (button.dataset['playing'] !== undefined && button.dataset['stops'] !== undefined) {
          stopCurrent();
        } else void play(button, pieces);
      });
    }
    root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') stopCurrent();
    });
  }

  return { tracks, wire };
}

/** Ends when the piece has been heard, or was stopped. */
function playPiece({ audio, durationS }: Track, piece: Piece, signal: AbortSignal): Promise<void> {
  const fromS = piece.interval === null ? 0 : Math.max(0, piece.interval.startS - BEFORE_S);
  const toS = piece.interval === null ? durationS : piece.interval.endS + AFTER_S;
  return new Promise((resolve) => {
    let watching = 0;
    const end = () => {
      cancelAnimationFrame(watching);
      signal.removeEventListener('abort', end);
      audio.removeEventListener('ended', end);
      audio.removeEventListener('timeupdate', look);
      audio.pause();
      resolve();
    };
    const look = () => {
      if (audio.currentTime >= toS) end();
    };
    const watch = () => {
      watching = requestAnimationFrame(watch);
      look();
    };
    signal.addEventListener('abort', end);
    audio.addEventListener('ended', end);
    // Frames stand still in a tab that is not seen; this event does not.
    audio.addEventListener('timeupdate', look);
    audio.currentTime = fromS;
    audio.play().then(watch, end);
  });
}
