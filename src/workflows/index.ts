export { reconcileUploads } from './reconcile-uploads.ts';
export { scorePronunciation } from './score-pronunciation.ts';
export { rescoreBatch } from './rescore-batch.ts';
export { rescoreChunk } from './rescore-chunk.ts';
