/** The search attributes that every scoring sets: a namespace that lacks one takes no start at all. */
import { status } from '@grpc/grpc-js';
import type { Client } from '@temporalio/client';
import { searchAttributes } from '../contract.ts';

/** Those that the namespace lacks. */
export async function missingSearchAttributes(client: Client): Promise<string[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return Object.keys(searchAttributes).filter((name) => !(name in customAttributes));
}

/** Rejects with the commands that create what is missing. */
export async function requireSearchAttributes(client: Client): Promise<void> {
  const missing = await missingSearchAttributes(client);
  if (missing.length === 0) return;
  const commands = missing.map((name) => {
    const type = searchAttributes[name as keyof typeof searchAttributes];
    return `temporal operator search-attribute create --name ${name} --type ${type}`;
  });
  throw new Error(`The namespace lacks search attributes. Run:\n  ${commands.join('\n  ')}`);
}

/**
 * True where the server refuses a start because of them. Its code is that of any invalid start, so the
 * words decide: "Namespace … has no mapping defined for search attribute …".
 */
export function lacksSearchAttribute({
  code,
  details,
}: {
  code: status;
  details: string;
}): boolean {
  return (
    code === status.INVALID_ARGUMENT && /no mapping defined for search attribute/i.test(details)
  );
}
