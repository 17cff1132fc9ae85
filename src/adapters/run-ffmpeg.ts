/** One run of ffmpeg over AAC frames, within bounds of its own. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AudioError } from '../audio/audio-error.ts';

/** Ffmpeg itself did not run, or had too little of the machine: nothing is known of the recording. */
export class FfmpegTrouble extends Error {
  override readonly name = 'FfmpegTrouble';
}

export interface FfmpegLimits {
  rateHz: number;
  /** Of what comes out; it is ended above. */
  mostBytes: number;
  /** Default: 30 s. */
  withinMs?: number;
}

/** A minute of AAC takes 0.3 s of CPU; a busy machine may need many times as long. */
const CPU_S = 20;
const WITHIN_MS = 30_000;
/** Its libraries alone are 300 MB of address space. */
const ADDRESS_SPACE = 1024 * 2 ** 20;
const LARGEST_ALLOCATION = 64 * 2 ** 20;
/** Part of util-linux; elsewhere ffmpeg's own limits of CPU and allocations must do. */
const PRLIMIT = '/usr/bin/prlimit';
const KEPT_ERRORS = 500;
/** The kernel where memory runs out, or whoever stops the machine; a crash has other signals. */
const ENDED_FROM_OUTSIDE: readonly (string | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Mono 32-bit floats. No shell, no environment, no file and no network: the only protocol is the
 * pipe. Throws an AudioError `damaged` for whatever ffmpeg refuses of the file or cannot do within the
 * limits, and FfmpegTrouble where it did not start, was ended from outside or had too little time.
 */
export function runFfmpeg(
  path: string,
  input: Uint8Array,
  { rateHz, mostBytes, withinMs = WITHIN_MS }: FfmpegLimits,
): Promise<Buffer> {
  const [command = '', ...args] = [...limitsOf(), path, ...argumentsOf(rateHz)];
  return new Promise((resolve, reject) => {
    const child = startChild(command, args);
    const parts: Buffer[] = [];
    let bytes = 0;
    let errors = '';
    let ended: Error | undefined;
    const end = (reason: Error) => {
      ended ??= reason;
      child.kill('SIGKILL');
    };
    const late = setTimeout(
      () => end(new FfmpegTrouble(`ffmpeg did not end within ${withinMs / 1000} s`)),
      withinMs,
    );
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > mostBytes) end(damaged('more came out than was in it'));
      else parts.push(part);
    });
    child.stderr.on('data', (text: Buffer) => {
      errors = `${errors}${text.toString('latin1')}`.slice(0, KEPT_ERRORS);
    });
    // Where it ends before it has read all: its end says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (cause) => {
      clearTimeout(late);
      reject(notStarted(cause));
    });
    child.once('close', (code, signal) => {
      clearTimeout(late);
      if (ended === undefined && code === 0) resolve(Buffer.concat(parts));
      else reject(ended ?? troubleOf(signal, errors) ?? damagedBy(errors, signal ?? code));
    });
  });
}

function startChild(command: string, args: string[]) {
  try {
    return spawn(command, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    throw notStarted(error as Error);
  }
}

function notStarted(cause: Error): FfmpegTrouble {
  return new FfmpegTrouble(`ffmpeg does not start: ${cause.message}`, { cause });
}

/** Null where it is about the recording. */
function troubleOf(signal: NodeJS.Signals | null, errors: string): FfmpegTrouble | null {
  if (ENDED_FROM_OUTSIDE.includes(signal)) {
    return new FfmpegTrouble(`ffmpeg was ended by ${signal}`);
  }
  // What ffmpeg itself says never begins so.
  if (!errors.startsWith('prlimit: ')) return null;
  return new FfmpegTrouble(`ffmpeg does not start: ${firstLine(errors)}`);
}

function damagedBy(errors: string, end: NodeJS.Signals | number | null): AudioError {
  return damaged(firstLine(errors) ?? `ffmpeg ended with ${end}`);
}

function limitsOf(): string[] {
  if (!existsSync(PRLIMIT)) return [];
  const cpu = `--cpu=${CPU_S}:${CPU_S + 1}`;
  return [PRLIMIT, `--as=${ADDRESS_SPACE}`, cpu, '--fsize=0', '--nofile=64', '--core=0'];
}

function argumentsOf(rateHz: number): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-xerror', '-threads', '1'],
    ...['-timelimit', String(CPU_S), '-max_alloc', String(LARGEST_ALLOCATION)],
    ...['-protocol_whitelist', 'pipe', '-f', 'aac', '-i', 'pipe:0'],
    ...['-map', '0:a:0', '-ac', '1', '-ar', String(rateHz), '-f', 'f32le', 'pipe:1'],
  ];
}

/** Without the address that ffmpeg puts before each line. */
function firstLine(text: string): string | undefined {
  const [line = ''] = text.replace(/^\[[^\]]*\] /, '').split('\n');
  const plain = line.replace(/[^ -~]/g, '').trim();
  return plain === '' ? undefined : plain;
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `The M4A file is damaged: ${what}. Record or upload it again.`);
}
