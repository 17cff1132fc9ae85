/** Bearer tokens as JWTs: one pinned algorithm, issuer, audience and expiry are required. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  SignJWT,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Principal } from '../web/principal.ts';
import type { RefusedToken, Tokens, UncheckedToken } from '../web/web-ports.ts';

export interface TokenOptions {
  algorithm: Config['WEB_JWT_ALGORITHM'];
  /** Of HS256. */
  secret: string | undefined;
  /** Of the others. */
  keysUrl: string | undefined;
  issuer: string;
  audience: string;
  /** How soon keys are fetched again for a token of an unknown one; absent: 30 s. */
  cooldownMs?: number;
}

export function tokenOptionsOf(config: Config): TokenOptions {
  return {
    algorithm: config.WEB_JWT_ALGORITHM,
    secret: config.WEB_JWT_SECRET,
    keysUrl: config.WEB_JWKS_URL,
    issuer: config.WEB_JWT_ISSUER,
    audience: config.WEB_JWT_AUDIENCE,
  };
}

/** Why a token is not accepted; quotes nothing of it. */
class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The keys to check a token with do not answer, or are none: that is not about the token. */
class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const COOLDOWN_MS = 30_000;
const CLOCK_SKEW_S = 60;
/** A link signs in; it must not pass for a token, nor a token for a link. */
const LINK_AUDIENCE = 'sign-in';

/** As in `web/principal.ts`. */
const className = z.string().regex(/^[^=\p{Cc}]{1,64}$/u);

/** A user id is a segment of keys: what cannot be one is nobody. */
const claims = z.object({
  sub: z.string().regex(/^(?!\.{1,2}$)[\w.@+=:-]{1,128}$/),
  role: z.enum(['learner', 'teacher', 'operator']),
  users: z.array(z.string().max(128)).max(10_000).optional(),
  lessons: z.array(z.string().max(300)).max(10_000).optional(),
  classes: z.record(className, z.array(z.string().max(128)).max(10_000)).optional(),
  exp: z.number(),
  jti: z.string().max(100).optional(),
});

type Key = Uint8Array | JWTVerifyGetKey;

export function createTokens(options: TokenOptions): Tokens {
  const { algorithm, issuer, audience } = options;
  const key = keyOf(options);
  const verified = async (token: string, wanted: string) => {
    const payload = await payloadOf(token, key, {
      algorithms: [algorithm],
      issuer,
      audience: wanted,
      clockTolerance: CLOCK_SKEW_S,
      requiredClaims: ['exp', 'sub'],
    });
    const parsed = claims.safeParse(payload);
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new TokenRefused(`its claims are missing or wrong: ${fields}`);
  };
  return {
    verify: (token) =>
      orRefused(async () => {
        const checked = await verified(token, audience);
        return { principal: principalOf(checked), expiresAtS: checked.exp };
      }),
    pseudonymOf: (userId) => `t-${pseudonymDigest(userId, key).slice(0, 12)}`,
    sign: canSign(key)
      ? (principal, expiresInS) => signToken(options, principal, expiresInS)
      : null,
    verifyLink: (code) =>
      orRefused(async () => {
        const checked = await verified(code, `${audience}:${LINK_AUDIENCE}`);
        if (checked.jti === undefined) throw new TokenRefused('it is not a one-time link');
        return { principal: principalOf(checked), id: checked.jti, expiresAtS: checked.exp };
      }),
  };
}

/** Where there is a secret, nobody without it finds the user by trying out ids. */
function pseudonymDigest(userId: string, key: Key): string {
  const hash = canSign(key) ? createHmac('sha256', key) : createHash('sha256');
  return hash.update(`reviewer ${userId}`).digest('hex');
}

async function orRefused<T>(read: () => Promise<T>): Promise<T | RefusedToken | UncheckedToken> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TokenRefused) return { refused: error.message };
    if (error instanceof KeysUnavailable) return { unchecked: error };
    throw error;
  }
}

/** For whoever has the secret: the local stack, and the command `elocute token`. */
export function signToken(
  options: TokenOptions,
  principal: Principal,
  expiresInS: number,
): Promise<string> {
  return signed(options, principal, expiresInS, options.audience);
}

/** Signs in once, in a browser. */
export function signLinkCode(
  options: TokenOptions,
  principal: Principal,
  expiresInS: number,
): Promise<string> {
  return signed(options, principal, expiresInS, `${options.audience}:${LINK_AUDIENCE}`);
}

async function signed(
  options: TokenOptions,
  { role, userId, users, lessons, classes }: Principal,
  expiresInS: number,
  audience: string,
): Promise<string> {
  const key = keyOf(options);
  if (!canSign(key)) throw new Error('only tokens of HS256 can be signed here');
  const payload: JWTPayload = {
    role,
    ...(users === null ? {} : { users: [...users] }),
    ...(lessons === null ? {} : { lessons: [...lessons] }),
    ...(classes === undefined ? {} : { classes: Object.fromEntries(classes) }),
  };
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userId)
    .setIssuer(options.issuer)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + expiresInS)
    .sign(key);
}

function keyOf({ algorithm, secret, keysUrl, cooldownMs }: TokenOptions): Key {
  if (algorithm === 'HS256') {
    if (secret === undefined) throw new Error('loadConfig lets this not happen');
    return new TextEncoder().encode(secret);
  }
  if (keysUrl === undefined) throw new Error('loadConfig lets this not happen');
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: 5000,
    cooldownDuration: cooldownMs ?? COOLDOWN_MS,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (NO_KEY_FOR_IT.some((one) => error instanceof one)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new KeysUnavailable(`WEB_JWKS_URL: ${reason}`, { cause: error });
    }
  };
}

/** The keys are there, and the token names none of them. */
const NO_KEY_FOR_IT = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
];

function canSign(key: Key): key is Uint8Array {
  return key instanceof Uint8Array;
}

async function payloadOf(
  token: string,
  key: Key,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload> {
  try {
    // The same call for the compiler, which knows two of it.
    const { payload } =
      key instanceof Uint8Array
        ? await jwtVerify(token, key, options)
        : await jwtVerify(token, key, options);
    return payload;
  } catch (error) {
    if (error instanceof KeysUnavailable) throw error;
    throw new TokenRefused(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} is not ours`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not the configured one';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key is none of ours';
  return 'it is not a token of ours';
}

function principalOf({ sub, role, users, lessons, classes }: z.infer<typeof claims>): Principal {
  return {
    role,
    userId: sub,
    users: users ?? null,
    lessons: lessons ?? null,
    ...(classes === undefined ? {} : { classes: new Map(Object.entries(classes)) }),
  };
}
