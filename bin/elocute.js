#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The pinned AWS SDK supports every Node that package.json allows; its advice about later ones is
// for whoever raises the pin.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const cli = new URL('../dist/cli.js', import.meta.url);
if (existsSync(cli)) await import(cli.href);
else {
  process.stderr.write('Elocute is not built yet. Run: npm run build\n');
  process.exitCode = 2;
}
