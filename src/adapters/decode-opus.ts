/** Opus by libopus in WebAssembly: the only file that imports opus-decoder. */
import { OpusDecoder } from 'opus-decoder';
import { AudioError } from '../audio/audio-error.ts';
import type { SoundCollector } from '../audio/collect-sound.ts';
import { hasTextAt } from '../audio/foreign-format.ts';
import { freeing } from './freeing.ts';
import type { MediaPackets } from './media-packets.ts';

const RATE_HZ = 48_000;
/** The last of them are trimmed to the recording's end; at most 0.6 s is decoded in vain. */
const PACKETS_AT_ONCE = 5;

/** `endIsExact`: the last packet's end is the recording's, as in Ogg; else it is kept whole. */
export async function decodeOpus(
  { description, packets }: MediaPackets,
  sound: SoundCollector,
  { endIsExact }: { endIsExact: boolean },
): Promise<void> {
  const { channels, preSkip, gain } = parseHead(description);
  const decoder = new OpusDecoder({ channels, sampleRate: RATE_HZ });
  await decoder.ready;
  await freeing(decoder, async () => {
    /** Of the next sample that comes out; those before 0 are the coder's run-up. */
    let at = -preSkip;
    const decode = (coded: Uint8Array[], end: number) => {
      const { channelData, errors } = decoder.decodeFrames(coded);
      const [error] = errors;
      if (error !== undefined) throw damaged(error.message);
      const from = Math.max(0, -at);
      const to = Math.max(from, end - at);
      at += channelData[0]?.length ?? 0;
      sound.add(
        channelData.map((one) => one.subarray(from, to).map((value) => value * gain)),
        RATE_HZ,
      );
    };
    let waiting: Uint8Array[] = [];
    let endS = 0;
    for await (const { data, startS, durationS } of packets) {
      if (waiting.length === PACKETS_AT_ONCE) {
        decode(waiting, Infinity);
        waiting = [];
      }
      waiting.push(data);
      endS = startS + durationS;
    }
    if (waiting.length > 0) decode(waiting, endIsExact ? Math.round(endS * RATE_HZ) : Infinity);
  });
}

interface OpusHead {
  channels: 1 | 2;
  /** At 48 kHz. */
  preSkip: number;
  gain: number;
}

/** RFC 7845, 5.1. */
function parseHead(head: Uint8Array): OpusHead {
  if (head.length < 19 || !hasTextAt(head, 0, 'OpusHead')) throw damaged('it has no head');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const channels = view.getUint8(9);
  if (channels !== 1 && channels !== 2) {
    throw new AudioError(
      'unsupported',
      `The Opus recording has ${channels} channels, which is not supported. Have the application upload one or two channels.`,
    );
  }
  const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
  return { channels, preSkip: view.getUint16(10, true), gain };
}

function damaged(what: string): AudioError {
  return new AudioError(
    'damaged',
    `The Opus recording is damaged: ${what}. Record or upload it again.`,
  );
}
