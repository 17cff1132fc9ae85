export { scorePronunciation } from './score-pronunciation.ts';
