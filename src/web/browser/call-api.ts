/** Requests to the API of this server; what it refuses is an error with the problem's code. */

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** From `retry-after`; null where the server named no time. */
  readonly retryAfterS: number | null;

  constructor(status: number, code: string, retryAfterS: number | null) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/** Nothing came back: offline, or the server is not there. */
export class NetworkError extends Error {}

export interface CallOptions {
  body?: unknown;
  signal?: AbortSignal;
}

/** @throws ApiError, NetworkError, or whatever the signal was aborted with */
export async function callApi<T>(path: string, { body, signal }: CallOptions = {}): Promise<T> {
  const response = await fetch(path, {
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
    credentials: 'same-origin',
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new NetworkError('no answer', { cause: error });
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const { code } = (answer ?? {}) as { code?: unknown };
  const after = Number(response.headers.get('retry-after') ?? NaN);
  throw new ApiError(
    response.status,
    typeof code === 'string' ? code : `HTTP_${response.status}`,
    Number.isFinite(after) ? after : null,
  );
}
