import assert from 'node:assert/strict';
import { ConfigError, loadConfig, variables } from '../../src/config.ts';
import { RECORDING_EXTENSIONS } from '../../src/uploads/key-grammar.ts';

const LEAST = { DATABASE_URL: 'postgresql://u:p@db:5432/app' };

const SECRET = 'a-secret-of-32-characters-or-more';

describe('the configuration', () => {
  it('needs nothing but a database; all else has a default', () => {
    const config = loadConfig(LEAST);
    assert.equal(config.TEMPORAL_ADDRESS, '127.0.0.1:7233');
    assert.deepEqual(config.CONTENT_TYPES, ['conversation', 'novel', 'phonics']);
    assert.equal(config.SPEECH_KIND, 'google');
    assert.ok(Object.isFrozen(config));
  });

  it('reports all problems at once, each with the variable and an example', () => {
    const wrong = {
      TEMPORAL_ADDRESS: 'no port',
      AUDIO_MAX_SECONDS: '900',
      SPEECH_KIND: 'offline',
      GOOGLE_CREDENTIALS: '/etc/google.json',
    };
    assert.throws(
      () => loadConfig(wrong),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.problems.length, 5);
        for (const name of [...Object.keys(wrong).slice(0, 2), 'SPEECH_ENDPOINT', 'DATABASE_URL']) {
          const line = error.problems.find((problem) => problem.startsWith(name));
          assert.match(line ?? `no line for ${name}`, /Example: [A-Z_]+=\S/);
        }
        return true;
      },
    );
  });

  it('treats an empty variable as absent', () => {
    assert.equal(loadConfig({ ...LEAST, TEMPORAL_NAMESPACE: '' }).TEMPORAL_NAMESPACE, 'default');
  });

  it('lets the suffix filter be switched off by an empty value', () => {
    assert.deepEqual(
      loadConfig(LEAST).UPLOAD_SUFFIX,
      RECORDING_EXTENSIONS.map((extension) => `.${extension}`),
    );
    assert.deepEqual(loadConfig({ ...LEAST, UPLOAD_SUFFIX: '' }).UPLOAD_SUFFIX, []);
    assert.deepEqual(loadConfig({ ...LEAST, UPLOAD_SUFFIX: '.wav, .mp3' }).UPLOAD_SUFFIX, [
      '.wav',
      '.mp3',
    ]);
    assert.throws(() => loadConfig({ ...LEAST, UPLOAD_SUFFIX: '.wav,,' }), /UPLOAD_SUFFIX: has an/);
  });

  it('takes no empty content type', () => {
    for (const CONTENT_TYPES of ['novel,,phonics', 'novel,', ',']) {
      assert.throws(() => loadConfig({ ...LEAST, CONTENT_TYPES }), /CONTENT_TYPES: .*empty item/);
    }
    const { CONTENT_TYPES } = loadConfig({ ...LEAST, CONTENT_TYPES: ' novel , phonics ' });
    assert.deepEqual(CONTENT_TYPES, ['novel', 'phonics']);
  });

  it('splits what the old system kept in a bucket into bucket and key', () => {
    const config = loadConfig({ POSTGRES_CONFIG: 's3://config/deep/postgres.json' });
    assert.deepEqual(config.POSTGRES_CONFIG, { bucket: 'config', key: 'deep/postgres.json' });
  });

  it('gives every variable an example that it accepts itself', () => {
    for (const [name, { example }] of Object.entries(variables)) {
      const needed = {
        SPEECH_ENDPOINT: '127.0.0.1:1',
        WEBHOOK_SECRET: SECRET,
        WEB_JWT_SECRET: SECRET,
      };
      // These two go together.
      const { NOTIFY_URL, NOTIFY_SECRET } = variables;
      const told = name.startsWith('NOTIFY_')
        ? { NOTIFY_URL: NOTIFY_URL.example, NOTIFY_SECRET: NOTIFY_SECRET.example }
        : {};
      const environment = { ...LEAST, ...needed, ...told, [name]: example };
      assert.doesNotThrow(() => loadConfig(environment), name);
    }
  });

  it('refuses a webhook without token and secret, or with ones that can be guessed', () => {
    const port = { ...LEAST, WEBHOOK_PORT: '8090' };
    assert.throws(() => loadConfig(port), /WEBHOOK_TOKEN or WEBHOOK_SECRET is missing/);
    for (const name of ['WEBHOOK_TOKEN', 'WEBHOOK_SECRET']) {
      for (const weak of ['x'.repeat(31), `${SECRET} `, 'x'.repeat(513)]) {
        assert.throws(
          () => loadConfig({ ...port, [name]: weak }),
          new RegExp(`${name}: must be 32`),
        );
      }
      assert.equal(loadConfig({ ...port, [name]: SECRET }).WEBHOOK_PORT, 8090);
    }
  });

  it('lets the queue be switched off for a webhook, and refuses a starter with neither', () => {
    assert.throws(
      () => loadConfig({ ...LEAST, UPLOAD_QUEUE: '' }),
      /UPLOAD_QUEUE is empty; then WEBHOOK_PORT must be set/,
    );
    const webhook = { WEBHOOK_PORT: '8090', WEBHOOK_TOKEN: SECRET };
    assert.equal(loadConfig({ ...LEAST, ...webhook, UPLOAD_QUEUE: '' }).UPLOAD_QUEUE, '');
  });

  describe('of the web process', () => {
    const GOOD = '0123456789abcdef0123456789abcdef';
    const web = (more: Record<string, string>) =>
      loadConfig({ ...LEAST, WEB_PORT: '8080', ...more });

    it('needs a secret that nobody can guess', () => {
      assert.equal(web({ WEB_JWT_SECRET: GOOD }).WEB_JWT_SECRET, GOOD);
      assert.throws(() => web({}), /WEB_JWT_SECRET is missing/);
      assert.throws(() => web({ WEB_JWT_SECRET: 'short' }), /WEB_JWT_SECRET: must be 32/);
      assert.throws(() => web({ WEB_JWT_SECRET: 'a'.repeat(40) }), /can be guessed/);
      const example = variables.WEB_JWT_SECRET.example;
      assert.throws(() => web({ WEB_JWT_SECRET: example }), /can be guessed/);
    });

    it('takes the secret of a local stack on this machine only', () => {
      const WEB_JWT_SECRET = `local-${GOOD}`;
      assert.ok(web({ WEB_JWT_SECRET }));
      assert.ok(web({ WEB_JWT_SECRET, WEB_ORIGIN: 'http://localhost:8080' }));
      for (const more of [
        { WEB_HOST: '0.0.0.0' },
        { WEB_HOST: '::' },
        { WEB_ORIGIN: 'https://speak.example.org' },
        { WEB_HOST: '127.0.0.1.example.org' },
      ]) {
        assert.throws(() => web({ WEB_JWT_SECRET, ...more }), /one of a local stack/);
      }
    });

    it('needs the address of the keys for any other algorithm, by https', () => {
      const WEB_JWT_ALGORITHM = 'EdDSA';
      assert.throws(() => web({ WEB_JWT_ALGORITHM }), /WEB_JWKS_URL is missing/);
      const keys = (WEB_JWKS_URL: string) => web({ WEB_JWT_ALGORITHM, WEB_JWKS_URL });
      assert.throws(() => keys('http://login.example.org/keys'), /must be https/);
      assert.ok(keys('https://login.example.org/keys'));
      assert.throws(() => web({ WEB_JWT_ALGORITHM: 'none' }), /WEB_JWT_ALGORITHM/);
    });

    it('takes origins without a path', () => {
      for (const WEB_ORIGIN of ['https://a.example/', 'https://a.example/x', 'a.example']) {
        assert.throws(() => web({ WEB_JWT_SECRET: GOOD, WEB_ORIGIN }), /WEB_ORIGIN/);
      }
    });
  });
});
