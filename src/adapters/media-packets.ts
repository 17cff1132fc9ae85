/** The coded packets of a recording, by mediabunny: the only file that imports it. */
import {
  BufferSource,
  EncodedPacketSink,
  FLAC,
  Input,
  MATROSKA,
  MP4,
  OGG,
  QTFF,
  WEBM,
  type InputFormat,
} from 'mediabunny';
import { AudioError } from '../audio/audio-error.ts';

export interface MediaPacket {
  data: Uint8Array;
  startS: number;
  durationS: number;
}

export interface MediaPackets {
  /** Null: one that mediabunny does not know. */
  codec: string | null;
  /** As the codec lays it down: STREAMINFO, OpusHead, AudioSpecificConfig. */
  description: Uint8Array;
  /** Read on demand: who stops asking has read no more. */
  packets: AsyncIterable<MediaPacket>;
}

export type Container = 'flac' | 'ogg' | 'webm' | 'm4a';

const FORMATS: Record<Container, InputFormat[]> = {
  flac: [FLAC],
  ogg: [OGG],
  webm: [WEBM, MATROSKA],
  m4a: [MP4, QTFF],
};

/** A minute in packets of 2.5 ms takes 25,000, and no format more than two a packet. */
const MOST_READS = 100_000;

/**
 * The first audio track. Throws an AudioError `unsupported` where there is none, and whatever
 * mediabunny throws of a damaged file.
 */
export async function openMediaPackets(
  bytes: Uint8Array,
  container: Container,
): Promise<MediaPackets> {
  const source = new BufferSource(bytes);
  boundReads(source);
  const input = new Input({ source, formats: FORMATS[container] });
  const tracks = await input.getTracks();
  if (tracks.length === 0) throw new Error('it holds no track, or ends before it says so');
  const track = await input.getPrimaryAudioTrack();
  if (track === null) {
    throw new AudioError(
      'unsupported',
      'The file has no sound. Have the application upload audio.',
    );
  }
  const config = await track.getDecoderConfig();
  return {
    codec: await track.getCodec(),
    description: bytesOf(config?.description as BinaryData | undefined),
    packets: packetsOf(new EncodedPacketSink(track)),
  };
}

/**
 * Ends what would go on for ever: mediabunny 1.61.0 looks for the next cluster of some damaged WebM
 * files without end. All that it looks at goes through `_read`, which its types do not show.
 */
function boundReads(source: BufferSource): void {
  const inner = source as unknown as { _read?: (...range: unknown[]) => unknown };
  const read = inner._read?.bind(source);
  if (read === undefined) throw new Error('mediabunny has no _read any more');
  let reads = 0;
  inner._read = (...range) => {
    reads += 1;
    if (reads > MOST_READS) throw new Error('its packets have no end');
    return read(...range);
  };
}

async function* packetsOf(sink: EncodedPacketSink): AsyncGenerator<MediaPacket> {
  for await (const { data, timestamp, duration } of sink.packets()) {
    yield { data, startS: timestamp, durationS: duration };
  }
}

/** The browsers' type of it is not among this project's. */
type BinaryData = ArrayBufferView | ArrayBuffer;

function bytesOf(source: BinaryData | undefined): Uint8Array {
  if (source === undefined) return new Uint8Array();
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}
