/** Metrics and traces of a process, as far as the configuration asks for them; else nothing is loaded. */
import type { TelemetryOptions } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { noMeter, type Meter } from '../observe/meter.ts';
import { noTracer, type Tracer } from '../observe/tracer.ts';
import { loopbackPort } from './loopback-port.ts';
import type { Tracing } from './tracing.ts';

export interface Observation {
  meter: Meter;
  tracer: Tracer;
  /** Absent where nobody collects spans. */
  tracing?: Tracing;
  /** What the SDK's runtime is installed with, so that its metrics are shown with ours. */
  telemetry: Pick<TelemetryOptions, 'metrics'>;
  /** Where the metrics are; absent where nobody asks. */
  metricsUrl?: string;
  close(): Promise<void>;
}

/** Nobody looks. */
export const unobserved: Observation = {
  meter: noMeter,
  tracer: noTracer,
  telemetry: {},
  close: () => Promise.resolve(),
};

export async function openObservation(
  config: Config,
  process: 'worker' | 'starter',
): Promise<Observation> {
  const [metrics, tracing] = await Promise.all([
    openMetrics(config, process),
    startTracing(config, process),
  ]);
  return {
    ...unobserved,
    ...metrics,
    ...(tracing === undefined ? {} : { tracing, tracer: tracing }),
    async close() {
      await tracing?.close();
      await metrics.close();
    },
  };
}

async function openMetrics(config: Config, process: 'worker' | 'starter') {
  const { METRICS_HOST: host, METRICS_PORT: port } = config;
  if (port === undefined) return unobserved;
  const { openPrometheus } = await import('./prometheus.ts');
  // Only the worker runs the SDK's core. It shows its metrics on a port of this machine alone.
  const sdk = process === 'worker' ? `127.0.0.1:${await loopbackPort()}` : undefined;
  const opened = await openPrometheus({
    process,
    host,
    port,
    sdkUrl: sdk === undefined ? undefined : `http://${sdk}/metrics`,
  });
  return {
    meter: opened.meter,
    metricsUrl: opened.url,
    close: () => opened.close(),
    telemetry: sdk === undefined ? {} : { metrics: sdkExporter(sdk) },
  };
}

/** Names and units as Prometheus wants them. */
function sdkExporter(bindAddress: string) {
  return {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
    },
  };
}

async function startTracing(config: Config, process: string): Promise<Tracing | undefined> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const { openTracing } = await import('./tracing.ts');
  return openTracing({ service: `elocute-${process}`, endpoint });
}
