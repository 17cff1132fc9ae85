import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the local stack keeps what must outlive it: one folder, deleted to start afresh. */
export interface DataFolder {
  root: string;
  postgres: string;
  objects: string;
  temporalDatabase: string;
  logs: string;
}

/**
 * Creates the folder if need be and names its parts. Recordings of voices lie in it, so it is
 * closed to other users, except that root leaves it passable (not listable): PostgreSQL refuses to
 * run as root, and its other user must reach its own, closed, part.
 */
export function openDataFolder(path: string): DataFolder {
  const root = resolve(path);
  const folder: DataFolder = {
    root,
    postgres: join(root, 'postgres'),
    objects: join(root, 'objects'),
    temporalDatabase: join(root, 'temporal.db'),
    logs: join(root, 'logs'),
  };
  mkdirSync(root, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  mkdirSync(folder.objects, { recursive: true, mode: 0o700 });
  mkdirSync(folder.logs, { recursive: true, mode: 0o700 });
  return folder;
}
