/** Where figures go, without any vendor's types; an adapter implements it. */
import type { Labels, MetricName, metrics } from './metrics.ts';

type Of<Type> = {
  [Name in MetricName]: (typeof metrics)[Name]['type'] extends Type ? Name : never;
}[MetricName];

export interface Reading<Name extends MetricName> {
  labels: Labels<Name>;
  value: number;
}

export interface Meter {
  /** Adds one, or `by`, to a counter. */
  count<Name extends Of<'counter'>>(name: Name, labels: Labels<Name>, by?: number): void;
  /** One value of a histogram. */
  record<Name extends Of<'histogram'>>(name: Name, labels: Labels<Name>, value: number): void;
  /** A gauge, or a counter that somebody else keeps: `source` is asked at every scrape. */
  read<Name extends Of<'gauge' | 'counter'>>(
    name: Name,
    source: () => Reading<Name>[] | Promise<Reading<Name>[]>,
  ): void;
}

/** Where nobody asks for metrics. */
export const noMeter: Meter = {
  count: () => undefined,
  record: () => undefined,
  read: () => undefined,
};
