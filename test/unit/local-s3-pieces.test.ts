import assert from 'node:assert/strict';
import fc from 'fast-check';
import { startChecksum } from '../../src/local/s3-checksums.ts';
import { decodeChunks } from '../../src/local/s3-chunked.ts';
import { formEncode } from '../../src/local/s3-events.ts';
import { pageOf, type PageOptions } from '../../src/local/s3-listing.ts';
import { byteRange } from '../../src/local/s3-range.ts';
import { parseRequest, uriEncode } from '../../src/local/s3-request.ts';
import { element, textsOf } from '../../src/local/s3-xml.ts';
import { compareUtf8 } from '../../src/local/utf8-order.ts';

/** Any text without lone surrogates. */
const text = fc.string({ unit: 'binary' });
const unsigned = {
  payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  signingKey: Buffer.alloc(32),
  scope: '',
  timestamp: '',
  signature: '',
};

describe('unsigned chunks', () => {
  it('decode to the content, wherever the network has cut the stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        async (chunks, cut) => {
          const trailers = new Map<string, string>();
          const content = await decode(slices(encode(chunks), cut), trailers);
          assert.deepEqual(content, Buffer.concat(chunks));
          assert.deepEqual([...trailers], [['x-amz-checksum-crc32', 'AAAAAA==']]);
        },
      ),
    );
  });

  it('are refused when the stream ends early, at whatever byte', async () => {
    const encoded = encode([Buffer.from('hello'), Buffer.from('world')]);
    for (let length = 0; length < encoded.length; length++) {
      const short = [encoded.subarray(0, length)];
      await assert.rejects(decode(short, new Map()), { code: 'IncompleteBody' });
    }
  });

  it('are refused when a length is no number or does not fit', async () => {
    for (const body of ['x\r\nhello\r\n0\r\n\r\n', '4\r\nhello\r\n0\r\n\r\n', 'a'.repeat(9000)]) {
      await assert.rejects(decode([Buffer.from(body)], new Map()), { code: 'IncompleteBody' });
    }
  });

  function encode(chunks: Uint8Array[]): Buffer {
    const parts = chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]);
    return Buffer.concat([...parts, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]);
  }

  function slices(bytes: Buffer, size: number): Buffer[] {
    const count = Math.ceil(bytes.length / size);
    return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  }

  async function decode(pieces: Buffer[], trailers: Map<string, string>): Promise<Buffer> {
    const content: Buffer[] = [];
    for await (const piece of decodeChunks(streamOf(pieces), unsigned, trailers)) {
      content.push(piece);
    }
    return Buffer.concat(content);
  }
});

describe('the parts of the local S3 server', () => {
  it('write keys in events so that decoding a form gives them back', () => {
    fc.assert(
      fc.property(text, (key) => {
        assert.equal(new URLSearchParams(`key=${formEncode(key)}`).get('key'), key);
      }),
    );
    assert.equal(formEncode('a b/c+d%/한.wav'), 'a+b/c%2Bd%25/%ED%95%9C.wav');
  });

  it('read every key out of the path that a client makes of it, dots and slashes included', () => {
    fc.assert(
      fc.property(text, (key) => {
        const path = key.split('/').map(uriEncode).join('/');
        const request = parseRequest('GET', `/bucket/${path}?versionId=1`, {});
        assert.equal(request.key, key);
        assert.equal(request.canonicalPath, `/bucket/${path}`);
      }),
    );
    assert.equal(parseRequest('GET', '/b/../../etc/passwd', {}).key, '../../etc/passwd');
    assert.throws(() => parseRequest('GET', '/b/%zz', {}), { code: 'InvalidURI' });
  });

  it('order keys as their UTF-8 bytes do', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const wanted = Buffer.compare(Buffer.from(a), Buffer.from(b));
        assert.equal(Math.sign(compareUtf8(a, b)), wanted);
      }),
    );
    assert.ok(compareUtf8('\u{1F600}', '\uFFFD') > 0);
  });

  it('unescape what they escaped in XML', () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(textsOf(element('Key', `-${value}-`), 'Key')[0], `-${value}-`);
      }),
    );
  });

  it('compute the published check values of CRC32 and CRC32C', () => {
    const hex = (name: 'crc32' | 'crc32c'): string => {
      const checksum = startChecksum(name);
      for (const digit of '123456789') checksum.update(Buffer.from(digit));
      return Buffer.from(checksum.digest(), 'base64').toString('hex');
    };
    assert.equal(hex('crc32'), 'cbf43926');
    assert.equal(hex('crc32c'), 'e3069283');
  });

  it('understand ranges as RFC 9110 does', () => {
    assert.deepEqual(byteRange('bytes=2-5', 10), { start: 2, end: 5 });
    assert.deepEqual(byteRange('bytes=7-99', 10), { start: 7, end: 9 });
    assert.deepEqual(byteRange('bytes=7-', 10), { start: 7, end: 9 });
    assert.deepEqual(byteRange('bytes=-3', 10), { start: 7, end: 9 });
    assert.deepEqual(byteRange('bytes=-30', 10), { start: 0, end: 9 });
    for (const ignored of [undefined, 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2']) {
      assert.equal(byteRange(ignored, 10), undefined);
    }
    for (const [range, size] of [
      ['bytes=10-', 10],
      ['bytes=-0', 10],
      ['bytes=0-', 0],
    ] as const) {
      assert.throws(() => byteRange(range, size), { code: 'InvalidRange' });
    }
  });
});

describe('a listing in pages', () => {
  const keys = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 }),
  );

  it('names every key and every common prefix once, in order, whatever the page size', () => {
    fc.assert(
      fc.property(
        keys,
        fc.constantFrom('', 'a', 'a/'),
        fc.constantFrom('', '/'),
        fc.integer({ min: 1, max: 4 }),
        (unsorted, prefix, delimiter, maxKeys) => {
          const sorted = unsorted.toSorted();
          const options = { prefix, delimiter, maxKeys };
          const pages = allPages(sorted, options);
          assert.ok(pages.every(({ count }) => count <= maxKeys));
          assert.deepEqual(
            pages.flatMap(({ names }) => names).toSorted(),
            foldedKeys(sorted, prefix, delimiter),
          );
        },
      ),
    );
  });

  it('begins after a given key, whether it exists or not', () => {
    const options = { prefix: '', delimiter: '', skipBelow: false, maxKeys: 10 };
    assert.deepEqual(pageOf(['a', 'c', 'e'], { ...options, after: 'c' }).keys, ['e']);
    assert.deepEqual(pageOf(['a', 'c', 'e'], { ...options, after: 'b' }).keys, ['c', 'e']);
    assert.deepEqual(pageOf(['a', 'c', 'e'], { ...options, after: 'x' }).keys, []);
  });

  function allPages(
    sorted: readonly string[],
    options: Pick<PageOptions, 'prefix' | 'delimiter' | 'maxKeys'>,
  ): { names: string[]; count: number }[] {
    const pages = [];
    let position: { after: string; skipBelow: boolean } | undefined = {
      after: '',
      skipBelow: false,
    };
    while (position !== undefined) {
      const page = pageOf(sorted, { ...options, ...position });
      const names = [...page.keys, ...page.commonPrefixes];
      pages.push({ names, count: names.length });
      position = page.next;
    }
    return pages;
  }

  function foldedKeys(sorted: readonly string[], prefix: string, delimiter: string): string[] {
    const names = sorted
      .filter((key) => key.startsWith(prefix))
      .map((key) => {
        const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        return end < 0 ? key : key.slice(0, end + 1);
      });
    return [...new Set(names)].toSorted();
  }
});

async function* streamOf(pieces: Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
