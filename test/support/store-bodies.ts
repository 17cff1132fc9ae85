/** Bodies as each store sends them, for any key; the encoders are written after the stores' own. */
import { readFileSync } from 'node:fs';

export const BUCKET = 'user-audio-file';

export interface RecordedRequest {
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export function recordedRequests(store: 'minio' | 'versitygw'): RecordedRequest[] {
  const file = new URL(`../fixtures/events/${store}-webhook.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as RecordedRequest[];
}

export interface BodyParts {
  key: string;
  versionId?: string | null;
  etag?: string | null;
  sequencer?: string | null;
}

/** Name of a way in → the body that it carries. */
export const bodies: Record<string, (parts: BodyParts) => object> = {
  'S3 to SQS': (parts) => notification({ ...parts, encoded: formEncoded(parts.key, '/') }),
  'S3 through SNS to SQS': (parts) => ({
    Type: 'Notification',
    MessageId: '4f6e6f1c-6f0e-5b6f-9b1a-3a1f6b0e0c11',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:uploads',
    Subject: 'Amazon S3 Notification',
    Message: JSON.stringify(notification({ ...parts, encoded: formEncoded(parts.key, '/') })),
  }),
  'S3 through EventBridge': ({ key, versionId, etag, sequencer }) =>
    bridge(key, {
      etag: etag ?? undefined,
      'version-id': versionId ?? undefined,
      sequencer: sequencer ?? undefined,
    }),
  'moto through EventBridge': ({ key, versionId, etag }) =>
    bridge(key, {
      eTag: etag ?? undefined,
      'version-id': versionId ?? 'null',
      sequencer: '617f08299329d189',
    }),
  'moto to SQS': ({ key, etag }) =>
    notification({ key, encoded: formEncoded(key, ''), etag: etag ?? null }),
  'MinIO by HTTP': (parts) => ({
    EventName: 's3:ObjectCreated:Put',
    Key: `${BUCKET}/${parts.key}`,
    ...notification({ ...parts, encoded: formEncoded(parts.key, ''), prefix: 's3:' }),
  }),
  'versitygw by HTTP': ({ key, versionId, etag }) =>
    notification({
      key,
      encoded: key,
      prefix: 's3:',
      arn: `arn:aws:s3:::/${BUCKET}/${key}`,
      versionId: versionId ?? null,
      etag: `"${etag ?? ''}"`,
      sequencer: '1',
    }),
};

function notification(parts: BodyParts & { encoded: string; prefix?: string; arn?: string }) {
  const { encoded, versionId, etag, sequencer, prefix = '' } = parts;
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: prefix === 's3:' && parts.arn === undefined ? 'minio:s3' : 'aws:s3',
        eventName: `${prefix}ObjectCreated:Put`,
        s3: {
          bucket: { name: BUCKET, arn: parts.arn ?? `arn:aws:s3:::${BUCKET}` },
          object: {
            key: encoded,
            size: 5,
            ...(etag === undefined ? {} : { eTag: etag }),
            ...(versionId === undefined ? {} : { versionId }),
            ...(sequencer === undefined ? {} : { sequencer }),
          },
        },
      },
    ],
  };
}

function bridge(key: string, object: object) {
  return {
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { version: '0', bucket: { name: BUCKET }, object: { key, size: 5, ...object } },
  };
}

/** `application/x-www-form-urlencoded`, every byte but letters, digits, `-_.~` and `kept`. */
function formEncoded(key: string, kept: string): string {
  return [...new TextEncoder().encode(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9_.~-]/.test(character) || kept.includes(character)) return character;
      if (character === ' ') return '+';
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
