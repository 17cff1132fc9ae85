/**
 * An S3 server that keeps no versions, gives no version ids and ignores conditions of HEAD: fauxqs,
 * which we did not write. It sends no events by itself here.
 */
import { buildApp } from 'fauxqs';

export interface UnversionedS3 {
  endpoint: string;
  stop(): Promise<void>;
}

export async function startUnversionedS3(): Promise<UnversionedS3> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    endpoint,
    stop: async () => {
      await app.close();
    },
  };
}
