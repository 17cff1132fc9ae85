/** The speech service that the configuration names: the same for a worker and for its check. */
import type { Config } from '../config.ts';
import { createSpeechRecogniser, type SpeechRecogniser } from './google-speech.ts';
import type { GoogleCredentials } from './migrated-secrets.ts';

export function openSpeech(
  config: Config,
  credentials: GoogleCredentials | undefined,
): SpeechRecogniser {
  const endpoint = config.SPEECH_ENDPOINT;
  return createSpeechRecogniser({
    kind: config.SPEECH_KIND,
    model: config.SPEECH_MODEL,
    languageCode: config.SPEECH_LANGUAGE,
    timeoutMs: config.SPEECH_TIMEOUT_MS,
    quotaDelayMs: config.SPEECH_QUOTA_DELAY_MS,
    ...(endpoint === undefined
      ? {}
      : { endpoint: { ...endpoint, insecure: isInsecure(config.SPEECH_KIND, endpoint.host) } }),
    ...(credentials === undefined ? {} : { credentials, projectId: credentials.project_id }),
  });
}

/** Voices leave this machine encrypted, unless they go to a recogniser of one's own. */
export function isInsecure(kind: Config['SPEECH_KIND'], host: string): boolean {
  return kind === 'offline' || /^(localhost|127(\.\d{1,3}){3})$/.test(host);
}
