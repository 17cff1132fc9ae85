/** A local S3 server in a folder of its own, with clients and everything it has announced. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { startS3Server, type S3Server, type S3ServerOptions } from '../../src/local/s3-server.ts';

export interface AnnouncedObject {
  key: string;
  size: number;
  eTag: string;
  versionId: string;
  sequencer: string;
}

export interface EventMessage {
  Event?: string;
  Bucket?: string;
  Records?: {
    eventVersion: string;
    eventSource: string;
    eventName: string;
    eventTime: string;
    s3: { configurationId: string; bucket: { name: string; arn: string }; object: AnnouncedObject };
  }[];
}

export const credentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'a secret of the test' };
export const BUCKET = 'user-audio-file';

export class LocalS3 {
  readonly folder = mkdtempSync(join(tmpdir(), 'elocute-s3-'));
  /** In the order of arrival. */
  readonly messages: EventMessage[] = [];
  readonly reports: string[] = [];
  private readonly clients: S3Client[] = [];
  private readonly waiting = new Set<() => void>();
  private server: S3Server | undefined;

  async start(options: Partial<S3ServerOptions> = {}): Promise<void> {
    this.server = await startS3Server({
      dataDir: join(this.folder, 'data'),
      ...credentials,
      notifications: [{ bucket: BUCKET, queueUrl: 'queue' }],
      deliver: (event) => {
        this.take(event);
        return Promise.resolve();
      },
      report: (line) => this.reports.push(line),
      ...options,
    });
  }

  get endpoint(): string {
    if (this.server === undefined) throw new Error('not started');
    return this.server.endpoint;
  }

  client(config: S3ClientConfig = {}): S3Client {
    const client = new S3Client({
      endpoint: this.endpoint,
      region: 'ap-northeast-2',
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      ...config,
    });
    this.clients.push(client);
    return client;
  }

  take(event: EventMessage): void {
    this.messages.push(event);
    for (const look of this.waiting) look();
  }

  /** Resolves when so many objects have been announced. */
  async announced(count: number): Promise<AnnouncedObject[]> {
    const objects = (): AnnouncedObject[] =>
      this.messages.flatMap(({ Records = [] }) => Records.map(({ s3 }) => s3.object));
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (objects().length < count) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
    return objects();
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  async remove(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
