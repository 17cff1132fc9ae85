/** Spans of our own, without any vendor's types; an adapter implements it. */
export interface SpanOptions {
  /** Where it began before somebody could say so. */
  startedAtMs?: number | undefined;
  /** Never a key, a user or a sentence. */
  attributes?: Record<string, string | number>;
}

export interface Tracer {
  /** Runs inside a span, which ends with it; spans begun in it are its children. */
  span<T>(
    name: string,
    options: SpanOptions,
    run: (add: (attributes: Record<string, string | number>) => void) => Promise<T>,
  ): Promise<T>;
}

/** Where nobody collects spans. */
export const noTracer: Tracer = {
  span: (_name, _options, run) => run(() => undefined),
};
