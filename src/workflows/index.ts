export { reconcileUploads } from './reconcile-uploads.ts';
export { scorePronunciation } from './score-pronunciation.ts';
