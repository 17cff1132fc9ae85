/** Claims to compute an analysis, after all is done. */
import type { Breach, Claim, ProcessEnd, World } from './world.ts';

/** A claim holds for 15 s (ARCHITECTURE.md), renewed while somebody computes: late on a busy machine. */
const SHORTEST_MS = 6_000;
const LONGEST_MS = 16_000;

/** One that ran out is left by the end of a process; nobody had to compute the same again. */
export function checkClaims({ claims, ends }: World): Breach[] {
  return claims.flatMap((claim): Breach[] => {
    const { key: id, live } = claim;
    if (live) {
      return [{ kind: 'orphan', id, why: 'an analysis is still claimed, and nobody computes' }];
    }
    if (ends.some((end) => ranOutAfter(claim, end))) return [];
    return [{ kind: 'orphan', id, why: 'a claim ran out that no end of a process explains' }];
  });
}

function ranOutAfter({ expiresAtMs }: Claim, { fromMs, endedMs }: ProcessEnd): boolean {
  return expiresAtMs >= fromMs + SHORTEST_MS && expiresAtMs <= endedMs + LONGEST_MS;
}
