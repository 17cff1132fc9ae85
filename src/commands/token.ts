/** `elocute token`: a bearer token or a one-time link, where the secret that signs them is known. */
import type { Command } from 'commander';
import { signLinkCode, signToken, tokenOptionsOf } from '../adapters/json-web-tokens.ts';
import type { Config } from '../config.ts';
import { CLASS_NAME, ROLES, type Classes, type Principal, type Role } from '../web/principal.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { UsageError } from './exit-codes.ts';

interface TokenOptions {
  role: string;
  user: string;
  users?: string[];
  lessons?: string[];
  classes?: string[];
  expires: string;
  link?: boolean;
  data: string;
}

const USER_ID = /^(?!\.{1,2}$)[\w.@+=:-]{1,128}$/;
const UNIT_S: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** Longer ones are forgotten, and found. */
const LONGEST_S = 90 * 86_400;

export function addToken(program: Command): void {
  program
    .command('token')
    .description('print a token for the HTTP API, or a link that signs a browser in')
    .requiredOption('--role <role>', ROLES.join(', '))
    .requiredOption('--user <id>', 'who it is for: the user id of a learner')
    .option('--users <id...>', 'of a teacher: only scorings of these learners')
    .option('--lessons <lesson...>', 'of a teacher: only these, as "content type/level/title"')
    .option('--classes <class...>', 'of a teacher: classes to choose from, as "3B=7,482"')
    .option('--expires <span>', 'until then it is valid: 90s, 15m, 1h, 7d', '1h')
    .option('--link', 'a link that signs in once, in a browser')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .addHelpText(
      'after',
      `
Signs with WEB_JWT_SECRET: the one of a running \`elocute up\`, or of the environment.

Examples:
  elocute token --role learner --user 7
  elocute token --role teacher --user lee --users 7 8 9 --expires 8h
  elocute token --role teacher --user lee --classes 3B=7,482 3C=9
  curl -H "authorization: Bearer $(elocute token --role operator --user me)" http://127.0.0.1:8080/api/v1/scorings`,
    )
    .action(token);
}

async function token(options: TokenOptions): Promise<void> {
  const principal = principalOf(options);
  const expiresInS = spanOf(options.expires);
  const { config } = commandEnvironment(options.data);
  if (config.WEB_JWT_ALGORITHM !== 'HS256' || config.WEB_JWT_SECRET === undefined) {
    throw new UsageError(
      'No secret to sign with. Start `elocute up`, name its data folder (--data), or set WEB_JWT_SECRET.',
    );
  }
  const text =
    options.link === true
      ? await signInLink(config, webOriginOf(config), principal, expiresInS)
      : await signToken(tokenOptionsOf(config), principal, expiresInS);
  process.stdout.write(`${text}\n`);
}

/** Signs in once: who opens it next is told that it was used. */
export async function signInLink(
  config: Config,
  origin: string,
  principal: Principal,
  expiresInS: number,
  next = '/',
): Promise<string> {
  const code = await signLinkCode(tokenOptionsOf(config), principal, expiresInS);
  return `${origin}/sign-in?code=${code}${next === '/' ? '' : `&next=${encodeURIComponent(next)}`}`;
}

function webOriginOf({ WEB_ORIGIN, WEB_HOST, WEB_PORT }: Config): string {
  if (WEB_ORIGIN !== undefined) return WEB_ORIGIN;
  if (WEB_PORT !== undefined) return `http://${WEB_HOST}:${WEB_PORT}`;
  throw new UsageError('No address for the link. Start `elocute up`, or set WEB_ORIGIN.');
}

function principalOf({ role, user, users, lessons, classes }: TokenOptions): Principal {
  if (!isRole(role)) throw new UsageError(`--role ${role} is none of: ${ROLES.join(', ')}.`);
  if (!USER_ID.test(user)) {
    throw new UsageError(`--user must be 1 to 128 letters, digits or . _ @ + = : -`);
  }
  if (role !== 'teacher' && [users, lessons, classes].some((given) => given !== undefined)) {
    throw new UsageError('--users, --lessons and --classes are for --role teacher.');
  }
  return {
    role,
    userId: user,
    users: users ?? null,
    lessons: lessons ?? null,
    ...(classes === undefined ? {} : { classes: parseClasses(classes) }),
  };
}

/** @throws UsageError where one is not a name, `=` and ids between commas, or comes twice */
export function parseClasses(given: readonly string[]): Classes {
  const classes = new Map<string, string[]>();
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at));
    const members = text.slice(at + 1).split(',');
    if (!CLASS_NAME.test(name) || !members.every((id) => USER_ID.test(id))) {
      throw new UsageError(`--classes ${text} is not a name and ids. Example: 3B=7,482`);
    }
    if (classes.has(name)) throw new UsageError(`--classes names ${name} twice.`);
    classes.set(name, members);
  }
  return classes;
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

function spanOf(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNIT_S[unit] ?? NaN);
  if (seconds <= LONGEST_S) return seconds;
  throw new UsageError(`--expires ${text} is no span up to 90d. Examples: 15m, 1h, 7d`);
}
