import type { Config } from '../config.ts';
import type { UploadFilter } from '../uploads/classify-upload.ts';

/** Which uploads are scored, for all ways in alike. */
export function uploadFilterOf(config: Config): UploadFilter {
  return {
    bucket: config.USER_BUCKET,
    prefix: config.UPLOAD_PREFIX,
    suffixes: config.UPLOAD_SUFFIX,
    root: config.USER_KEY_ROOT,
    contentTypes: config.CONTENT_TYPES,
  };
}
