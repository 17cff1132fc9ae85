/** Why a recording cannot be used; adapters translate it into the failure catalogue. */
export type AudioProblem = 'unsupported' | 'damaged' | 'empty' | 'too_long';

export class AudioError extends Error {
  override readonly name = 'AudioError';
  readonly problem: AudioProblem;

  constructor(problem: AudioProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
