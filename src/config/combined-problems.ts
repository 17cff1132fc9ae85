/** What is wrong with variables that are each right by themselves. */

type Values = Readonly<Record<string, unknown>>;

type ExampleName =
  | 'DATABASE_URL'
  | 'NOTIFY_SECRET'
  | 'NOTIFY_URL'
  | 'SPEECH_ENDPOINT'
  | 'WEBHOOK_PORT'
  | 'WEBHOOK_TOKEN'
  | 'WEB_JWKS_URL'
  | 'WEB_JWT_SECRET';

type ExampleOf = (name: ExampleName) => string;

/** One line for each problem, with an example of what would be right. */
export function combinedProblems(values: Values, exampleOf: ExampleOf): string[] {
  return [
    ...sourceProblems(values, exampleOf),
    ...waysInProblems(values, exampleOf),
    ...notifyProblems(values, exampleOf),
    ...webProblems(values, exampleOf),
  ];
}

function sourceProblems(values: Values, exampleOf: ExampleOf): string[] {
  const problems: string[] = [];
  if (values['DATABASE_URL'] === undefined && values['POSTGRES_CONFIG'] === undefined) {
    const example = exampleOf('DATABASE_URL');
    problems.push(`DATABASE_URL (or POSTGRES_CONFIG) is missing. Example: DATABASE_URL=${example}`);
  }
  if (values['SPEECH_KIND'] === 'offline' && values['SPEECH_ENDPOINT'] === undefined) {
    const example = exampleOf('SPEECH_ENDPOINT');
    problems.push(
      `SPEECH_ENDPOINT is missing; SPEECH_KIND=offline needs it. Example: SPEECH_ENDPOINT=${example}`,
    );
  }
  return problems;
}

/** Uploads must be able to arrive, and the webhook must know its senders. */
function waysInProblems(values: Values, exampleOf: ExampleOf): string[] {
  const { UPLOAD_QUEUE, WEBHOOK_PORT, WEBHOOK_TOKEN, WEBHOOK_SECRET } = values;
  if (WEBHOOK_PORT === undefined) {
    if (UPLOAD_QUEUE !== '') return [];
    const example = `WEBHOOK_PORT=${exampleOf('WEBHOOK_PORT')}`;
    return [`UPLOAD_QUEUE is empty; then WEBHOOK_PORT must be set. Example: ${example}`];
  }
  if (WEBHOOK_TOKEN !== undefined || WEBHOOK_SECRET !== undefined) return [];
  const example = exampleOf('WEBHOOK_TOKEN');
  return [
    `WEBHOOK_TOKEN or WEBHOOK_SECRET is missing; WEBHOOK_PORT needs one. Example: WEBHOOK_TOKEN=${example}`,
  ];
}

/** Begins the secrets that a local stack makes for itself. */
export const LOCAL_SECRET = 'local-';

/** The web process must know whose tokens it believes, and no secret that others may know. */
function webProblems(values: Values, exampleOf: ExampleOf): string[] {
  const { WEB_PORT, WEB_JWT_ALGORITHM, WEB_JWT_SECRET, WEB_JWKS_URL } = values;
  if (WEB_PORT === undefined) return [];
  const example = (name: 'WEB_JWT_SECRET' | 'WEB_JWKS_URL') =>
    `Example: ${name}=${exampleOf(name)}`;
  if (WEB_JWT_ALGORITHM !== 'HS256') {
    if (WEB_JWKS_URL === undefined) {
      const why = `WEB_JWT_ALGORITHM=${String(WEB_JWT_ALGORITHM)} needs it`;
      return [`WEB_JWKS_URL is missing; ${why}. ${example('WEB_JWKS_URL')}`];
    }
    const { protocol, hostname } = new URL(WEB_JWKS_URL as string);
    if (protocol === 'https:' || isLoopback(hostname)) return [];
    return [`WEB_JWKS_URL must be https: keys are believed. ${example('WEB_JWKS_URL')}`];
  }
  if (typeof WEB_JWT_SECRET !== 'string') {
    return [`WEB_JWT_SECRET is missing; WEB_PORT needs it. ${example('WEB_JWT_SECRET')}`];
  }
  if (WEB_JWT_SECRET === exampleOf('WEB_JWT_SECRET') || new Set(WEB_JWT_SECRET).size < 8) {
    return [`WEB_JWT_SECRET can be guessed. Make one with: openssl rand -hex 32`];
  }
  if (!WEB_JWT_SECRET.startsWith(LOCAL_SECRET)) return [];
  const { WEB_HOST, WEB_ORIGIN } = values;
  const isLocal =
    isLoopback(String(WEB_HOST)) &&
    (WEB_ORIGIN === undefined || isLoopback(new URL(WEB_ORIGIN as string).hostname));
  if (isLocal) return [];
  return [
    `WEB_JWT_SECRET is one of a local stack, and WEB_HOST or WEB_ORIGIN is not this machine. Make one with: openssl rand -hex 32`,
  ];
}

function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)$/.test(host);
}

/** What is sent must be signed, and must not cross the internet in clear. */
function notifyProblems(values: Values, exampleOf: ExampleOf): string[] {
  const { NOTIFY_URL, NOTIFY_SECRET, NOTIFY_ALLOW_PRIVATE } = values;
  const problems: string[] = [];
  if ((NOTIFY_URL === undefined) !== (NOTIFY_SECRET === undefined)) {
    const missing = NOTIFY_URL === undefined ? 'NOTIFY_URL' : 'NOTIFY_SECRET';
    problems.push(
      `${missing} is missing; NOTIFY_URL and NOTIFY_SECRET go together. Example: ${missing}=${exampleOf(missing)}`,
    );
  }
  if (typeof NOTIFY_URL !== 'string') return problems;
  const { protocol, username, password } = new URL(NOTIFY_URL);
  if (protocol !== 'https:' && NOTIFY_ALLOW_PRIVATE === false) {
    problems.push(
      `NOTIFY_URL: must be https, unless NOTIFY_ALLOW_PRIVATE=true. Example: NOTIFY_URL=${exampleOf('NOTIFY_URL')}`,
    );
  }
  if (username !== '' || password !== '') {
    problems.push(
      `NOTIFY_URL: must hold no user and password; events are signed. Example: NOTIFY_URL=${exampleOf('NOTIFY_URL')}`,
    );
  }
  return problems;
}
