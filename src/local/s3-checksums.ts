import { createHash } from 'node:crypto';

export const CHECKSUM_NAMES = ['crc32', 'crc32c', 'sha1', 'sha256'] as const;
/** The algorithms checked here, by the end of their `x-amz-checksum-…` header. */
export type ChecksumName = (typeof CHECKSUM_NAMES)[number];

export function isChecksumName(name: string): name is ChecksumName {
  return CHECKSUM_NAMES.some((known) => known === name);
}

/** Base64, by algorithm. */
export type Checksums = Partial<Record<ChecksumName, string>>;

/** As headers of an answer. */
export function checksumHeaders(checksums: Checksums): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of CHECKSUM_NAMES) {
    const value = checksums[name];
    if (value !== undefined) headers[`x-amz-checksum-${name}`] = value;
  }
  return headers;
}

export interface Checksum {
  update(piece: Buffer): void;
  /** Base64, as S3 writes it; call once. */
  digest(): string;
}

export function startChecksum(name: ChecksumName): Checksum {
  switch (name) {
    case 'crc32':
      return startCrc(CRC32);
    case 'crc32c':
      return startCrc(CRC32C);
    case 'sha1':
    case 'sha256': {
      const hash = createHash(name);
      return { update: (piece) => void hash.update(piece), digest: () => hash.digest('base64') };
    }
  }
}

/** Polynomials reflected: IEEE 802.3 and Castagnoli. zlib.crc32 needs a newer Node than ours. */
const CRC32 = crcTable(0xedb88320);
const CRC32C = crcTable(0x82f63b78);

function crcTable(polynomial: number): Int32Array {
  return new Int32Array(256).map((_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder & 1) === 0 ? remainder >>> 1 : polynomial ^ (remainder >>> 1);
    }
    return remainder;
  });
}

function startCrc(table: Int32Array): Checksum {
  let crc = -1;
  return {
    update(piece) {
      for (const byte of piece) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(~crc);
      return bytes.toString('base64');
    },
  };
}
