/** Code and styles of the pages. */
import { z } from 'zod';
import { browserFile, isBrowserFile } from '../browser-files.ts';
import { asset } from '../pages.ts';
import { Problem } from '../problems.ts';
import { route, type Route } from '../route.ts';

export const assetRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/assets/{name}',
    operationId: 'getAsset',
    summary: 'Code or styles of the pages',
    tag: 'pages',
    access: 'public',
    params: z.object({ name: z.string().max(40) }),
    answers: { 200: { description: 'The file.' } },
    problems: ['NOT_FOUND'],
    hidden: true,
    handle({ params: { name } }) {
      if (!isBrowserFile(name)) throw new Problem('NOT_FOUND', 'There is no such file.');
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
      return Promise.resolve(asset(browserFile(name), `${type}; charset=utf-8`));
    },
  }),
];
