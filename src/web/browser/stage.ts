/** Where somebody stands between choosing a sentence and reading the report. */
import type { ScoringProgress } from '../../contract.ts';
import type { PlainMessageKey } from '../messages/message.ts';
import type { MicrophoneProblem } from './microphone.ts';

export interface Take {
  wav: Blob;
  url: string;
  seconds: number;
}

export type TakeProblem = 'silent' | 'too_short' | 'too_loud' | 'too_long';

export interface Trouble {
  title: PlainMessageKey;
  text: PlainMessageKey | Readonly<Record<'en' | 'ko', string>>;
  code: string | null;
}

export type Stage =
  | { kind: 'ready' }
  | { kind: 'asking' }
  | { kind: 'countdown'; left: number }
  | { kind: 'recording' }
  | { kind: 'taken'; take: Take }
  | { kind: 'refused'; problem: TakeProblem }
  | { kind: 'no_microphone'; problem: MicrophoneProblem }
  | { kind: 'sending'; share: number; hurry: (() => void) | null }
  | {
      kind: 'following';
      started: boolean;
      slow: boolean;
      progress: ScoringProgress | null;
      hurry: (() => void) | null;
    }
  | { kind: 'done'; report: string }
  | { kind: 'reviewing' }
  /** `take`: can be sent again. */
  | { kind: 'failed'; trouble: Trouble; take: Take | null };
