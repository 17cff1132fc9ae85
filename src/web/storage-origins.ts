/** Where browsers send recordings to and play them from: each bucket may have a host of its own. */
import type { WebDependencies } from './web-ports.ts';

const KEY = { key: 'any', versionId: null, etag: null };

let known: { deps: WebDependencies; origins: Promise<string> } | undefined;

/** As a policy names them, with spaces between. Asked until there is an answer, which stays. */
export function storageOrigins(deps: WebDependencies): Promise<string> {
  if (known?.deps === deps) return known.origins;
  const asked = { deps, origins: presigned(deps) };
  known = asked;
  asked.origins.catch(() => {
    if (known === asked) known = undefined;
  });
  return asked.origins;
}

async function presigned({ objects, settings }: WebDependencies): Promise<string> {
  const buckets = [settings.userBucket, settings.standardBucket];
  const addresses = await Promise.all(
    buckets.map((bucket) => objects.presignGet({ ...KEY, bucket }, 60)),
  );
  return [...new Set(addresses.map((address) => new URL(address).origin))].join(' ');
}
