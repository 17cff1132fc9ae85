import { createHash } from 'node:crypto';

export interface PolicyParts {
  script: string;
  style: string;
  styleNonce: string;
}

/**
 * The page's content security policy: exactly its own code and styles, recordings and the empty icon
 * from the page itself, and no request anywhere.
 */
export function reportPolicy({ script, style, styleNonce }: PolicyParts): string {
  return [
    `default-src 'none'`,
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}' 'nonce-${styleNonce}'`,
    `media-src blob:`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * The policy of a page that `renderReport` made, for a server that sends it as a header too.
 * @throws Error for any other page: without a policy it must not be sent.
 */
export function policyOf(page: string): string {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1];
  if (policy === undefined) throw new Error('this page has no content security policy');
  return policy.replaceAll('&#39;', "'");
}
