/** Why a sentence cannot be aligned; adapters translate it into the failure catalogue. */
export type SentenceProblem = 'invalid' | 'unpronounceable';

export class SentenceError extends Error {
  override readonly name = 'SentenceError';
  readonly problem: SentenceProblem;

  constructor(problem: SentenceProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
