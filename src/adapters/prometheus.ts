/** Prometheus: our metrics, Node's and the SDK's, on one address. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { allMetrics } from '../observe/metrics.ts';
import type { Meter } from '../observe/meter.ts';

export interface PrometheusOptions {
  process: 'worker' | 'starter';
  host: string;
  /** 0: any free one. */
  port: number;
  /** Where the SDK shows its own; absent where the process has none. */
  sdkUrl?: string | undefined;
}

export interface Prometheus {
  meter: Meter;
  url: string;
  close(): Promise<void>;
}

type AnyMetric = Counter | Gauge | Histogram;
type Source = () => AnyReading[] | Promise<AnyReading[]>;
interface AnyReading {
  labels: Record<string, string>;
  value: number;
}

/** The SDK answers from memory. */
const SDK_TIMEOUT_MS = 2000;

export async function openPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const registry = new Registry();
  // Event loop, heap, garbage collection and processor time, under their usual names.
  collectDefaultMetrics({ register: registry });
  const meter = createMeter(registry, options.process);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    Promise.all([registry.metrics(), sdkMetrics(options.sdkUrl)]).then(
      (texts) =>
        response.writeHead(200, { 'content-type': registry.contentType }).end(texts.join('\n')),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    meter,
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      registry.clear();
    },
  };
}

/** Ours are shown even where the SDK does not answer. */
async function sdkMetrics(url: string | undefined): Promise<string> {
  if (url === undefined) return '';
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(SDK_TIMEOUT_MS) });
    return await response.text();
  } catch (error) {
    return `# The metrics of Temporal's SDK could not be read: ${String(error)}\n`;
  }
}

function createMeter(registry: Registry, process: PrometheusOptions['process']): Meter {
  const made = new Map<string, AnyMetric>();
  const sources = new Map<string, Source>();
  for (const [name, { of, type, help, labels, known = [], buckets }] of allMetrics()) {
    if (of !== process) continue;
    const common = { name, help, labelNames: [...labels], registers: [registry] };
    const collect = () => readInto(made.get(name), sources.get(name));
    switch (type) {
      case 'counter': {
        const counter = new Counter({ ...common, collect });
        for (const values of known) counter.inc(values, 0);
        made.set(name, counter);
        break;
      }
      case 'gauge':
        made.set(name, new Gauge({ ...common, collect }));
        break;
      case 'histogram': {
        const histogram = new Histogram({ ...common, buckets: [...(buckets ?? [])] });
        for (const values of known) histogram.zero(values);
        made.set(name, histogram);
        break;
      }
    }
  }
  const named = <Kind extends AnyMetric>(name: string, kind: new (...args: never[]) => Kind) => {
    const metric = made.get(name);
    if (metric instanceof kind) return metric;
    throw new Error(`the ${process} has no such metric: ${name}`);
  };
  return {
    count: (name, labels, by = 1) => named(name, Counter).inc(labels, by),
    record: (name, labels, value) => named(name, Histogram).observe(labels, value),
    read: (name, source) => {
      sources.set(name, source);
    },
  };
}

/** What somebody else keeps is shown as it is; what cannot be read is not shown. */
async function readInto(metric: AnyMetric | undefined, source: Source | undefined): Promise<void> {
  if (source === undefined || metric === undefined || metric instanceof Histogram) return;
  const readings = await source();
  if (metric instanceof Gauge) {
    metric.reset();
    // Without labels, that is 0 and not nothing.
    metric.remove({});
  }
  for (const { labels, value } of readings) {
    if (metric instanceof Gauge) metric.set(labels, value);
    else {
      metric.remove(labels);
      metric.inc(labels, value);
    }
  }
}
