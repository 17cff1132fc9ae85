import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  databaseUrlOf,
  googleCredentialsOf,
  readSecrets,
} from '../../src/adapters/migrated-secrets.ts';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { loadConfig } from '../../src/config.ts';
import { productionChecks } from '../../src/commands/doctor-production.ts';
import { credentials, LocalS3 } from '../support/local-s3.ts';
import { freshDatabase, freshName, temporaryFolder } from '../support/services.ts';

const PASSWORD = 'p/?#:@%';
const BUCKET = 'config-bucket';

describe('credentials that the old system keeps in a bucket', () => {
  const s3 = new LocalS3();
  let client: S3Client;
  let server: { host: string; port: string; name: string; user: string };

  before(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
    await s3.start({ buckets: [BUCKET] });
    client = s3.client();
    const { url, database } = await freshDatabase();
    const user = freshName('role').replace('-', '_');
    await database.query(`create role ${user} login password '${PASSWORD}'`);
    const { hostname: host, port, pathname } = new URL(url);
    server = { host, port, name: pathname.slice(1), user };
  });
  after(() => s3.remove());

  const put = (Key: string, content: unknown) =>
    client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key,
        Body: typeof content === 'string' ? content : JSON.stringify(content),
      }),
    );
  const configWith = (environment: Record<string, string>) =>
    loadConfig({ S3_ENDPOINT: s3.endpoint, ...environment });
  const POSTGRES_CONFIG = `s3://${BUCKET}/postgres.json`;
  const GOOGLE_CREDENTIALS = `s3://${BUCKET}/google.json`;
  const postgresAt = (HOST: string) => ({
    NAME: server.name,
    USER: server.user,
    PASSWORD,
    HOST,
    PORT: server.port,
  });

  async function whoAmI(): Promise<unknown> {
    const connectionString = await databaseUrlOf(configWith({ POSTGRES_CONFIG }));
    const database = openDatabase({ connectionString, poolSize: 1 });
    try {
      const rows = await database.query(
        'select current_user::text as user, current_database() as name',
      );
      return rows[0];
    } finally {
      await database.close();
    }
  }

  it('open PostgreSQL, whatever signs the password is made of', async () => {
    await put('postgres.json', postgresAt(server.host));
    assert.deepEqual(await whoAmI(), { user: server.user, name: server.name });
  });

  it('open PostgreSQL through the folder of its socket', async () => {
    const folder = temporaryFolder('socket');
    // PostgreSQL's own name for it; what is behind it here is the server's TCP port.
    const socket = createServer((near) => {
      const far = connect(Number(server.port), server.host);
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
    }).listen(join(folder, `.s.PGSQL.${server.port}`));
    await once(socket, 'listening');
    try {
      await put('postgres.json', postgresAt(folder));
      assert.deepEqual(await whoAmI(), { user: server.user, name: server.name });
    } finally {
      socket.close();
    }
  });

  it('are refused by field where the host cannot be one', async () => {
    for (const host of ['db.internal:5433', 'db:5433', 'db internal', 'db/../x', 'user@db', '']) {
      await put('postgres.json', postgresAt(host));
      await assert.rejects(databaseUrlOf(configWith({ POSTGRES_CONFIG })), {
        message: `POSTGRES_CONFIG=${POSTGRES_CONFIG} lacks or misspells: HOST`,
      });
    }
  });

  it('are reported together where both are wrong, and never quoted', async () => {
    const broken: [unknown, unknown, RegExp][] = [
      [`{"PASSWORD": "${PASSWORD}"`, 'private_key: hidden', /is not JSON\nGOOGLE.*is not JSON/],
      [
        { ...postgresAt('db'), PASSWORD: undefined, NAME: '' },
        { project_id: 'p', private_key: 'hidden' },
        /misspells: NAME, PASSWORD\nGOOGLE.*misspells: client_email/,
      ],
    ];
    for (const [postgres, google, expected] of broken) {
      await put('postgres.json', postgres);
      await put('google.json', google);
      await assert.rejects(
        readSecrets(configWith({ POSTGRES_CONFIG, GOOGLE_CREDENTIALS })),
        (error) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, expected);
          const all = `${error.stack ?? ''}${JSON.stringify(error)}${String(error.cause)}`;
          assert.ok(![PASSWORD, 'hidden', server.user].some((secret) => all.includes(secret)), all);
          return true;
        },
      );
    }
  });

  it('are asked for by address where nothing lies there', async () => {
    const missing = {
      POSTGRES_CONFIG: `s3://${BUCKET}/none`,
      GOOGLE_CREDENTIALS: `s3://${BUCKET}/no`,
    };
    await assert.rejects(
      readSecrets(configWith(missing)),
      /POSTGRES_CONFIG=s3:\/\/config-bucket\/none cannot be read \(NoSuchKey\).*\nGOOGLE_CREDENTIALS/,
    );
  });

  it('are what the doctor checks the speech service with, as a worker would', async () => {
    const environment = {
      S3_ENDPOINT: s3.endpoint,
      DATABASE_URL: 'postgresql://u:p@db:5432/app',
      GOOGLE_CREDENTIALS,
    };
    const check = productionChecks(environment).find(({ name }) => name === 'speech service');
    await put('google.json', 'no JSON');
    await assert.rejects(async () => check?.run(), /GOOGLE_CREDENTIALS=.* is not JSON/);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const account = {
      project_id: 'p',
      client_email: 'e@example.org',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
    await put('google.json', account);
    assert.deepEqual(await googleCredentialsOf(loadConfig(environment)), account);
  });
});
