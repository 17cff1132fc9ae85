import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrossValidation } from './cross-validate.ts';
import type { FittedModels } from './fit-models.ts';

/** Where the models come from. */
export interface Source {
  corpus: string;
  /** What tells this table of recordings and marks from another. */
  dataVersion: string;
  recordings: number;
  speakers: number;
  date: string;
  command: string;
  python: string;
  scikitLearn: string;
  numpy: string;
}

/** Writes the three files that judge-sentence.ts reads, and gives the models' version. */
export async function writeModels(
  folder: string,
  { templates, words, scores }: FittedModels,
  source: Source,
  crossValidation: CrossValidation,
): Promise<string> {
  const wordModel = { target: 'squared mark / 10', ...words };
  const version = versionOf(templates, wordModel, scores);
  await mkdir(folder, { recursive: true });
  const write = (name: string, value: object) => writeFile(join(folder, name), linesOf(value));
  await write('templates.json', templates);
  await write('word-model.json', wordModel);
  await write('score-models.json', { version, source, crossValidation, ...scores });
  return version;
}

/** Equal weights have equal versions, whenever and wherever they were fitted. */
export function versionOf(templates: object, wordModel: object, scores: object): string {
  const fitted = JSON.stringify([templates, wordModel, scores]);
  return `m-${createHash('sha256').update(fitted).digest('hex').slice(0, 8)}`;
}

/** JSON with a line per entry, so that a difference shows what has changed. */
function linesOf(value: object): string {
  const lines = Object.entries(value).map(([key, own]) => `"${key}": ${JSON.stringify(own)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
