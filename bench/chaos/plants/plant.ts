/** Bugs planted on purpose, to see that the checker finds them; none of it is in the product. */
import { fileURLToPath } from 'node:url';

export const plantNames = ['delete-before-start', 'no-unique-key'] as const;

export type PlantName = (typeof plantNames)[number];

export interface Plant {
  name: PlantName;
  /** Modules that run instead of the product's own. */
  mains: Partial<Record<'worker' | 'starter', string>>;
  /** What is done to the database before anything is scored. */
  statement?: string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const plants: Record<PlantName, Plant> = {
  'delete-before-start': {
    name: 'delete-before-start',
    mains: { starter: here('deleting-starter.ts') },
  },
  'no-unique-key': {
    name: 'no-unique-key',
    mains: { worker: here('inserting-worker.ts') },
    statement: `alter table elocute.scoring drop constraint scoring_pkey cascade;
      drop index if exists elocute.scoring_upload`,
  },
};

export function plantOf(name: PlantName): Plant {
  return plants[name];
}
