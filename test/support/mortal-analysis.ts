/** An analysis that goes wrong on certain recordings, as if an engine had: each in its own way. */
import runAnalysis, {
  type AnalysisOutcome,
  type AnalysisTask,
} from '../../src/adapters/run-analysis.ts';

/** What a recording must begin with. A WAV file begins with "R", 0x52. */
export const HOSTILE = {
  /** The engine ends the process. */
  exits: 0x20,
  /** Small objects without end: the JavaScript heap fills gradually. */
  fillsHeap: 0x21,
  /** One table that grows: V8 ends the whole process here, also where a thread had its own limit. */
  growsTable: 0x22,
  /** Outside the JavaScript heap. */
  fillsBuffers: 0x23,
  fillsWasm: 0x24,
  /** Never gives the event loop back. */
  loops: 0x25,
  /** Gives it back, but never answers. */
  waits: 0x26,
  /** An instruction that WebAssembly refuses, as after a failed assertion in C. */
  abortsWasm: 0x27,
} as const;

/** TypeScript knows WebAssembly only among browsers. */
interface WebAssemblyNames {
  Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: Record<string, () => void> };
}
const wasm = (globalThis as unknown as { WebAssembly: WebAssemblyNames }).WebAssembly;

export type Hostility = keyof typeof HOSTILE;

/** Begins like a hostile recording, continues like `recording` (or with nothing). */
export function hostile(how: Hostility, recording: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.from([HOSTILE[how], ...recording]);
}

export default async function mortal(task: AnalysisTask): Promise<AnalysisOutcome> {
  const first = 'bytes' in task ? task.bytes[0] : undefined;
  const how = (Object.keys(HOSTILE) as Hostility[]).find((name) => HOSTILE[name] === first);
  return how === undefined ? runAnalysis(task) : goWrong(how);
}

async function goWrong(how: Hostility): Promise<AnalysisOutcome> {
  const kept: unknown[] = [];
  switch (how) {
    case 'exits':
      process.exit(1);
      break;
    case 'fillsHeap':
      for (;;) kept.push(Array.from({ length: 100_000 }, () => ({})));
    case 'growsTable': {
      const table = new Map<number, number>();
      for (let at = 0; ; at++) table.set(at, at + 0.5);
    }
    case 'fillsBuffers':
      for (;;) kept.push(new Uint8Array(16 * 2 ** 20).fill(1));
    case 'fillsWasm':
      for (;;) {
        const memory = new wasm.Memory({ initial: 4096 });
        new Uint8Array(memory.buffer).fill(1);
        kept.push(memory);
      }
    case 'loops':
      for (;;) kept.length = 0;
    case 'waits':
      return new Promise(() => undefined);
    case 'abortsWasm': {
      // (module (func (export "f") unreachable))
      const code = '0061736d01000000010401600000030201000705010166000' + '00a05010300000b';
      new wasm.Instance(new wasm.Module(Buffer.from(code, 'hex'))).exports['f']?.();
      break;
    }
  }
  return { ok: true, value: { durationS: 0 } };
}
