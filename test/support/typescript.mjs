/** Loaded before every mocha run: TypeScript through tsx, and each test file by `import`. */
import { register } from 'tsx/esm/api';

register();

// Where Node can `require` modules, mocha 12 does so first, and for TypeScript that goes wrong twice:
// a file whose types happen to parse as JavaScript runs untransformed, and when the import that
// follows fails, its error is hidden behind the first one. Without this feature mocha only imports.
Object.defineProperty(process.features, 'require_module', { value: false });
