import type { BatchSource } from './batch.ts';

/** What the Web UI shows as the batch's title: no key, whose segments name a learner. */
export function describeSource(source: BatchSource): string {
  switch (source.kind) {
    case 'ids':
      return `${source.ids.length} ids`;
    case 'file':
      return 'a file of ids';
    case 'prefix':
      return `recordings below a prefix of ${source.bucket}`;
    case 'filter': {
      const { contentType, level, title, line, since, until, outdated } = source.filter;
      const lesson = [contentType, level, title, line].filter((part) => part !== undefined);
      return [
        lesson.length === 0 ? 'all scorings' : lesson.join('/'),
        ...(since === undefined ? [] : [`since ${since}`]),
        ...(until === undefined ? [] : [`until ${until}`]),
        ...(outdated === true ? ['of other versions'] : []),
      ].join(', ');
    }
  }
}
