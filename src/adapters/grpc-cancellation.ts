/** An AbortSignal for one gRPC call: the Google client's promise offers no way to cancel. */
import { type Interceptor, InterceptingCall, status } from '@grpc/grpc-js';

export interface Cancellation {
  interceptor: Interceptor;
  /** Stops listening to the signal. */
  dispose(): void;
}

export function cancelWith(signal: AbortSignal | undefined): Cancellation {
  let call: InterceptingCall | undefined;
  const cancel = () => call?.cancelWithStatus(status.CANCELLED, 'cancelled by the caller');
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    interceptor(options, nextCall) {
      call = new InterceptingCall(nextCall(options));
      // Aborted while the client was connecting: cancel as soon as the call has started.
      if (signal?.aborted === true) queueMicrotask(cancel);
      return call;
    },
    dispose: () => signal?.removeEventListener('abort', cancel),
  };
}
