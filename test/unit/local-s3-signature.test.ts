import assert from 'node:assert/strict';
import { decodeChunks } from '../../src/local/s3-chunked.ts';
import { parseRequest } from '../../src/local/s3-request.ts';
import { verifySignature, type VerifiedSignature } from '../../src/local/s3-signature.ts';

/** The examples of Amazon's own documentation of Signature Version 4 for S3. */
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const now = Date.UTC(2013, 4, 24);
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const common = {
  host: 'examplebucket.s3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-content-sha256': EMPTY,
};

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const examples = [
  {
    name: 'a GET with a range',
    method: 'GET',
    url: '/test.txt',
    headers: {
      ...common,
      range: 'bytes=0-9',
      authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    },
  },
  {
    name: 'a PUT of a key with a dollar sign',
    method: 'PUT',
    url: '/test$file.text',
    headers: {
      ...common,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      authorization: authorization(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    },
  },
  {
    name: 'a query parameter without a value',
    method: 'GET',
    url: '/?lifecycle',
    headers: {
      ...common,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    },
  },
  {
    name: 'a listing',
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    headers: {
      ...common,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    },
  },
];

const presigned =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';

describe('the signature check of the local S3 server', () => {
  for (const { name, method, url, headers } of examples) {
    it(`accepts Amazon's example of ${name}`, () => {
      const verified = verifySignature(parseRequest(method, url, headers), credentials, now);
      assert.equal(verified.scope, '20130524/us-east-1/s3/aws4_request');
    });

    it(`refuses ${name} under another path`, () => {
      const request = parseRequest(method, `/x${url}`, headers);
      assert.throws(() => verifySignature(request, credentials, now), {
        code: 'SignatureDoesNotMatch',
      });
    });
  }

  it("accepts Amazon's presigned example until it expires, and not a second longer", () => {
    const request = parseRequest('GET', presigned, { host: common.host });
    const lastMoment = now + 86_400_000;
    assert.equal(verifySignature(request, credentials, lastMoment).payloadHash, 'UNSIGNED-PAYLOAD');
    assert.throws(() => verifySignature(request, credentials, lastMoment + 1), {
      code: 'AccessDenied',
      message: 'Request has expired',
    });
  });

  it('refuses a presigned URL whose lifetime was lengthened', () => {
    const url = presigned.replace('Expires=86400', 'Expires=86401');
    const request = parseRequest('GET', url, { host: common.host });
    assert.throws(() => verifySignature(request, credentials, now), {
      code: 'SignatureDoesNotMatch',
    });
  });

  it('refuses an x-amz header that the signature leaves out', () => {
    const headers = { host: common.host, 'x-amz-meta-user-id': '7' };
    const request = parseRequest('GET', presigned, headers);
    assert.throws(() => verifySignature(request, credentials, now), { code: 'AccessDenied' });
  });

  it('refuses a request signed a quarter of an hour ago, and one without a signature', () => {
    const [{ method, url, headers }] = [...examples] as [(typeof examples)[number]];
    const request = parseRequest(method, url, headers);
    assert.throws(() => verifySignature(request, credentials, now + 900_001), {
      code: 'RequestTimeTooSkewed',
    });
    const unsigned = parseRequest(method, url, common);
    assert.throws(() => verifySignature(unsigned, credentials, now), { code: 'AccessDenied' });
  });

  it('refuses a wrong secret and an unknown access key', () => {
    const request = parseRequest('GET', presigned, { host: common.host });
    const wrong = { ...credentials, secretAccessKey: 'wrong' };
    assert.throws(() => verifySignature(request, wrong, now), { code: 'SignatureDoesNotMatch' });
    const unknown = { ...credentials, accessKeyId: 'other' };
    assert.throws(() => verifySignature(request, unknown, now), { code: 'InvalidAccessKeyId' });
  });
});

describe('signed chunks', () => {
  const chunk = (sizeBytes: number, signature: string): Buffer =>
    Buffer.concat([
      Buffer.from(`${sizeBytes.toString(16)};chunk-signature=${signature}\r\n`),
      Buffer.alloc(sizeBytes, 'a'),
      Buffer.from(sizeBytes === 0 ? '' : '\r\n'),
    ]);

  /** Amazon's example: 64 KiB and 1 KiB of the letter a. */
  function signedUpload(payloadHash: string, seed: string): VerifiedSignature {
    const [{ method, url, headers }] = [...examples] as [(typeof examples)[number]];
    const verified = verifySignature(parseRequest(method, url, headers), credentials, now);
    return { ...verified, payloadHash, signature: seed };
  }

  const plain = signedUpload(
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  );
  const plainChunks = [
    chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
    chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
    chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
    Buffer.from('\r\n'),
  ];

  it("accepts Amazon's example and gives its content back", async () => {
    const content = await decode(plainChunks, plain);
    assert.deepEqual(content, Buffer.alloc(66_560, 'a'));
  });

  it('refuses a changed byte, a dropped chunk and a swapped seed', async () => {
    const [first, second, last, end] = plainChunks as [Buffer, Buffer, Buffer, Buffer];
    const changed = Buffer.from(first);
    changed[1000] = 0x62;
    const code = { code: 'SignatureDoesNotMatch' };
    await assert.rejects(decode([changed, second, last, end], plain), code);
    await assert.rejects(decode([first, last, end], plain), code);
    await assert.rejects(decode(plainChunks, { ...plain, signature: 'f'.repeat(64) }), code);
  });

  it("accepts Amazon's example with a signed trailer, and no other trailer", async () => {
    const signed = signedUpload(
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    );
    const upload = (checksum: string): Buffer[] => [
      chunk(65_536, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
      chunk(1024, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
      chunk(0, '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992'),
      Buffer.from(`x-amz-checksum-crc32c:${checksum}\r\n`),
      Buffer.from(
        'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
      ),
    ];
    const trailers = new Map<string, string>();
    const content = await decode(upload('sOO8/Q=='), signed, trailers);
    assert.equal(content.length, 66_560);
    assert.equal(trailers.get('x-amz-checksum-crc32c'), 'sOO8/Q==');
    await assert.rejects(decode(upload('AAAAAA=='), signed), { code: 'SignatureDoesNotMatch' });
  });

  async function decode(
    pieces: Buffer[],
    signature: VerifiedSignature,
    trailers = new Map<string, string>(),
  ): Promise<Buffer> {
    const content: Buffer[] = [];
    for await (const piece of decodeChunks(streamOf(pieces), signature, trailers)) {
      content.push(piece);
    }
    return Buffer.concat(content);
  }
});

async function* streamOf(pieces: Buffer[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
