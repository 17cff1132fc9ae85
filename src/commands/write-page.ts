/** Writes a page of ours where somebody asked for it, or says in words why it cannot be. */
import { writeFileSync } from 'node:fs';
import { UsageError } from './exit-codes.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

/** @throws UsageError where it cannot be written */
export function writePage(file: string, html: string, advice: string): void {
  try {
    writeFileSync(file, html);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be written: ${REASONS[code] ?? code}. ${advice}`, {
      cause: error,
    });
  }
}
