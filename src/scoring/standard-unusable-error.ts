/** The standard recording cannot be compared with: the sentence could not be laid over it. */
export class StandardUnusableError extends Error {
  override readonly name = 'StandardUnusableError';
}
