/** What the value of a variable may be, and what it becomes. */
import { z } from 'zod';
import { parseReviewPolicy } from './parse-review-policy.ts';

export const text = z.string().trim().min(1);
export const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const list = text
  .transform((value) => value.split(',').map((item) => item.trim()))
  .refine((items) => items.every((item) => item !== ''), 'has an empty item between its commas');
export const url = z.url({ protocol: /^https?$/ });
export const hostPort = z
  .string()
  .regex(/^[\w.-]+:\d{1,5}$/, 'must be host:port')
  .transform((value) => {
    const at = value.lastIndexOf(':');
    return { host: value.slice(0, at), port: Number(value.slice(at + 1)) };
  });
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone' })
  .transform((value) => new Date(value));
/** Shorter ones can be guessed; `openssl rand -hex 32` makes a good one. */
export const secret = z
  .string()
  .regex(/^[!-~]{32,512}$/, 'must be 32 to 512 printable characters without spaces')
  .optional();
export const origin = url.refine(
  (value) => URL.canParse(value) && new URL(value).origin === value,
  {
    message: 'must be scheme://host[:port] and nothing after it',
  },
);
export const reviewPolicy = text.transform((value, context) => {
  const { rules, problems } = parseReviewPolicy(value);
  for (const message of problems) context.addIssue({ code: 'custom', message });
  return rules;
});
export const s3Address = z
  .string()
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+\/.+$/, 'must be s3://bucket/key')
  .transform((value) => {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(value) ?? [];
    return { bucket, key };
  });
