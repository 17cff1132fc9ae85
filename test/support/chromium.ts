/** A Chromium that is installed on this machine; nothing is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the program, or null. CHROMIUM_PATH wins over PATH. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const places = onPath.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = named === undefined ? places : [named, ...places];
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface ChromiumOptions {
  /** A WAV that the microphone hears once, from when it is opened; absent: there is no fake one. */
  microphone?: string;
  /** False: whoever asks for the microphone is refused. */
  allow?: boolean;
}

export async function launchChromium({
  microphone,
  allow = true,
}: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error('Chromium is not installed; `npm run test:setup` says how to get it');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(microphone === undefined
        ? []
        : [
            '--use-fake-device-for-media-stream',
            `--use-file-for-fake-audio-capture=${microphone}%noloop`,
          ]),
      ...(allow && microphone !== undefined ? ['--use-fake-ui-for-media-stream'] : []),
    ],
  });
}
