/** The microphone: asked for on a click, read through an AudioWorklet, given back. */

export type MicrophoneProblem = 'denied' | 'missing' | 'busy' | 'lost' | 'unsupported';

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(problem, { cause });
    this.problem = problem;
  }
}

export interface Microphone {
  /** Blocks of samples from now on. */
  start(onBlock: (samples: Float32Array) => void): void;
  /** Everything since `start`, at `SAMPLE_RATE_HZ`. Gives the microphone back. */
  stop(): Promise<Float32Array<ArrayBuffer>>;
  /** Gives it back. */
  close(): void;
}

/** What speech is scored at; a browser records at it without loss. */
export const SAMPLE_RATE_HZ = 16_000;

/** The voice as it is: what makes calls pleasant bends what is measured. A soft voice is made louder. */
const WANTED: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: true,
};

/** @throws MicrophoneError */
export async function openMicrophone(worklet: string, onLost: () => void): Promise<Microphone> {
  if (!canRecord()) throw new MicrophoneError('unsupported');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED }).catch(refuse);
  try {
    return await listen(stream, worklet, onLost);
  } catch (error) {
    stop(stream);
    throw error instanceof MicrophoneError ? error : new MicrophoneError('busy', error);
  }
}

/** Without a secure address, or in old browsers, it is not there, whatever the types say. */
function canRecord(): boolean {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  return mediaDevices !== undefined && 'AudioWorkletNode' in globalThis;
}

function refuse(error: unknown): never {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    throw new MicrophoneError('denied', error);
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') {
    throw new MicrophoneError('missing', error);
  }
  throw new MicrophoneError('busy', error);
}

async function listen(
  stream: MediaStream,
  worklet: string,
  onLost: () => void,
): Promise<Microphone> {
  const { context, source } = sourceOf(stream);
  await context.audioWorklet.addModule(worklet);
  await context.resume();
  const node = new AudioWorkletNode(context, 'recorder', {
    numberOfInputs: 1,
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  const blocks: Float32Array[] = [];
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    source.disconnect();
    stop(stream);
    void context.close();
  };
  for (const track of stream.getAudioTracks()) {
    track.addEventListener('ended', () => {
      if (isClosed) return;
      close();
      onLost();
    });
  }
  return {
    start(onBlock) {
      node.port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
        if (data === null) return;
        blocks.push(data);
        onBlock(data);
      };
      source.connect(node);
    },
    async stop() {
      const flushed = new Promise<void>((resolve) => {
        const take = node.port.onmessage;
        node.port.onmessage = (event: MessageEvent<Float32Array | null>) => {
          take?.call(node.port, event);
          if (event.data === null) resolve();
        };
      });
      node.port.postMessage('stop');
      await flushed;
      const rateHz = context.sampleRate;
      close();
      return atSpeechRate(joined(blocks), rateHz);
    },
    close,
  };
}

/** Firefox takes the microphone only at the rate of the device; what comes is resampled at the end. */
function sourceOf(stream: MediaStream) {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE_HZ });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    void context.close();
    const own = new AudioContext();
    return { context: own, source: own.createMediaStreamSource(stream) };
  }
}

async function atSpeechRate(
  samples: Float32Array<ArrayBuffer>,
  rateHz: number,
): Promise<Float32Array<ArrayBuffer>> {
  if (rateHz === SAMPLE_RATE_HZ || samples.length === 0) return samples;
  const length = Math.ceil((samples.length * SAMPLE_RATE_HZ) / rateHz);
  const offline = new OfflineAudioContext(1, length, SAMPLE_RATE_HZ);
  const buffer = offline.createBuffer(1, samples.length, rateHz);
  buffer.copyToChannel(samples, 0);
  const source = offline.createBufferSource();
  source.buffer = buffer;
  source.connect(offline.destination);
  source.start();
  const rendered = await offline.startRendering();
  return rendered.getChannelData(0);
}

function joined(blocks: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
