/** OpenTelemetry: spans of our own and of the SDK's interceptors, sent by OTLP over HTTP. */
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
  type OpenTelemetrySinks,
} from '@temporalio/interceptors-opentelemetry';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Tracer } from '../observe/tracer.ts';

export interface Tracing extends Tracer {
  /** Puts the trace into the header of a started workflow. */
  client: WorkflowClientInterceptor;
  activity: ActivityInterceptorsFactory;
  /** Takes the spans out of the workflows' sandbox. */
  sinks: InjectedSinks<OpenTelemetrySinks>;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface TracingOptions {
  service: string;
  /** Base address of a collector; `/v1/traces` is appended. Headers and sampler: standard variables. */
  endpoint: string;
}

/** Registers itself with OpenTelemetry's API, which knows one provider a process. */
export function openTracing({ service, endpoint }: TracingOptions): Tracing {
  const { attributes } = detectResourcesSync({ detectors: [envDetectorSync] });
  const resource = new Resource({ 'service.name': service, ...attributes });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const processor = new BatchSpanProcessor(exporter);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });
  const tracer = trace.getTracer('elocute');
  return {
    client: new OpenTelemetryWorkflowClientInterceptor(),
    activity: (activity) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(activity),
      outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
    }),
    sinks: { exporter: workflowSpans(processor, resource) },
    span(name, { startedAtMs, attributes = {} }, run) {
      const options = {
        attributes,
        ...(startedAtMs === undefined ? {} : { startTime: startedAtMs }),
      };
      return tracer.startActiveSpan(name, options, async (span) => {
        try {
          return await run((more) => span.setAttributes(more));
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    async close() {
      await provider.shutdown();
      trace.disable();
      context.disable();
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** The SDK would write all of a workflow's info onto each span: memo, last result, last failure. */
function workflowSpans(
  processor: SpanProcessor,
  resource: Resource,
): InjectedSinks<OpenTelemetrySinks>['exporter'] {
  const { export: sdks } = makeWorkflowExporter(processor, resource);
  return {
    export: {
      fn: ({ workflowId, runId, workflowType, attempt }, spans) => {
        const info = { temporalWorkflowId: workflowId, run_id: runId, workflowType, attempt };
        return sdks.fn(info as unknown as Parameters<typeof sdks.fn>[0], spans);
      },
    },
  };
}
