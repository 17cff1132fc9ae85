/** Something that the local stack needs is missing, taken, or has ended; the message says what. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}
