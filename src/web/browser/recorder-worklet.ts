/** Runs in the audio thread: hands the samples of the microphone to the page, in blocks. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, kind: new () => AudioWorkletProcessor): void;

/** 64 ms at 16 kHz: often enough for the level meter. */
const BLOCK = 1024;

class Recorder extends AudioWorkletProcessor {
  private block = new Float32Array(BLOCK);
  private filled = 0;
  private isOver = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.hand(this.block.slice(0, this.filled));
      this.isOver = true;
      this.port.postMessage(null);
    };
  }

  process([channels]: readonly (readonly Float32Array[])[]): boolean {
    const samples = channels?.[0];
    if (samples === undefined || this.isOver) return !this.isOver;
    for (const sample of samples) {
      this.block[this.filled] = sample;
      this.filled += 1;
      if (this.filled === BLOCK) {
        this.hand(this.block);
        this.block = new Float32Array(BLOCK);
        this.filled = 0;
      }
    }
    return true;
  }

  private hand(samples: Float32Array<ArrayBuffer>): void {
    this.port.postMessage(samples, [samples.buffer]);
  }
}

registerProcessor('recorder', Recorder);
